#pragma once

#include "release/compare/comparepair.h"
#include "release/compare/comparer.h"

#include <QTimer>

namespace pilothouse {

class ReleaseController;

/// Keeps the comparison of the shown release with what is stable: the line DIFF. What a fetch may
/// help is asked again by itself. GUI thread. The controller outlives it.
class ShownDiff final : public QObject
{
    Q_OBJECT

public:
    ShownDiff(const ReleaseController &release, const CompareSources &sources,
              QObject *parent = nullptr);

    /// nullopt while nothing stable is known to compare with.
    [[nodiscard]] const std::optional<ComparePair> &pair() const { return m_pair; }
    [[nodiscard]] const Comparer &comparer() const { return m_comparer; }
    /// What stands in the line, or why nothing does.
    [[nodiscard]] QString sentence() const;

Q_SIGNALS:
    void changed();

private:
    void follow();
    void compare();

    const ReleaseController &m_release;
    Comparer m_comparer;
    std::optional<ComparePair> m_pair;
    QTimer m_again;
};

} // namespace pilothouse
