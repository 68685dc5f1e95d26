#pragma once

#include "release/releaseviews.h"

#include <QComboBox>

namespace pilothouse {

class ReleaseController;

/// Chooses one commit of those that the release picker offers; what it was given stays in the list
/// whether that one offers it or not.
class CommitPicker final : public QComboBox
{
    Q_OBJECT

public:
    explicit CommitPicker(const ReleaseController &release, QWidget *parent = nullptr);

    void setCommit(const CommitId &commit, const QString &words);
    [[nodiscard]] CommitId commit() const;

Q_SIGNALS:
    void picked(); ///< by a person
};

} // namespace pilothouse
