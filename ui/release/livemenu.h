#pragma once

#include "base/id.h"
#include "release/compare/comparepair.h"

#include <QList>
#include <QObject>

#include <optional>

class QAction;
class QTableView;

namespace pilothouse {

class LiveModel;
class ReleaseController;
class RolloutController;

/// What the menu of a row of LIVE does beside copying and opening: compare and, of a track, hold it
/// or lift its hold, and retire its way back. What is off stands there with its reason. It acts
/// upon the current row; view, model and controllers outlive it.
class LiveMenu final : public QObject
{
    Q_OBJECT

public:
    LiveMenu(QTableView &view, LiveModel &model, ReleaseController &controller);

    /// Whose rows can be held and retired; one that is not among them is only compared.
    void setTracks(const QList<RolloutController *> &tracks);
    /// As the current row is now.
    void refresh();

Q_SIGNALS:
    void compareRequested(const pilothouse::ComparePair &pair);
    /// Or to lift the hold that there is.
    void holdRequested(const pilothouse::TrackName &track);
    void retireRequested(const pilothouse::TrackName &track);

private:
    [[nodiscard]] QAction *added(const char *objectName, const char *icon);
    [[nodiscard]] std::optional<ComparePair> pair() const;
    [[nodiscard]] RolloutController *track() const;

    QTableView &m_view;
    LiveModel &m_model;
    ReleaseController &m_controller;
    QList<RolloutController *> m_tracks;
    QAction *m_compare;
    QAction *m_hold;
    QAction *m_retire;
};

} // namespace pilothouse
