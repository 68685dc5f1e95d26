#include "app/sandbox/world/startstate.h"

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

constexpr int lastBeat = 18;

/// How long ago a release was pushed for the beat to begin now, and the weights since.
struct Moment
{
    int beat;
    double pushed;   ///< 0 = not yet
    double deployed; ///< candidate at weight 0
    double atTen;
    double atFifty;
    double rolledBack;
};

constexpr Moment firstRelease[] = {{3, -45, 0, 0, 0, 0},
                                   {4, -75, -1, 0, 0, 0},
                                   {5, -80, -6, 0, 0, 0},
                                   {6, -110, -35, -0.1, 0, 0},
                                   {7, -140, -65, -30, -0.1, 0}};
constexpr Moment secondRelease[]
    = {{9, -75, -5, -0.1, 0, 0},          {10, -110, -42, -35, -0.1, 0},
       {11, -140, -70, -63, -28, 0},      {12, -145, -75, -68, -33, 0},
       {13, -170, -98, -90, -55, -20},    {14, -220, -148, -140, -105, -70},
       {15, -260, -190, -180, -145, -110}};
/// Between two pushes, and from a push to the end of Finishing.
constexpr double betweenPushes = 180;
constexpr double finishedAfter = 132;

template <size_t N>
Moment momentOf(const Moment (&moments)[N], int beat)
{
    Moment found{0, 0, 0, 0, 0, 0};
    for (const Moment &moment : moments)
        if (moment.beat <= beat)
            found = moment;
    return found;
}

void addMoment(QList<PastTraffic> &list, double at, const TrackTraffic &traffic)
{
    if (at < 0)
        list.append({at, traffic});
}

QList<PastTraffic> rolloutHistory(const Moment &moment, const QString &stable,
                                  const QString &candidate)
{
    QList<PastTraffic> list;
    addMoment(list, moment.deployed, {stable, candidate, 0});
    addMoment(list, moment.atTen, {stable, candidate, 10});
    addMoment(list, moment.atFifty, {stable, candidate, 50});
    addMoment(list, moment.rolledBack, {stable, candidate, 0});
    return list;
}

} // namespace

StartState startState(const Scenario &scenario, int beat)
{
    StartState state;
    state.beat = std::clamp(beat, 1, lastBeat);
    state.worker = scenario.worker;
    const QString old = scenario.stable;
    const QString good = scenario.releases.value(0).revision;
    const QString bad = scenario.releases.value(1).revision;
    state.firstFinished = state.beat >= 8;
    const Moment moment = state.firstFinished ? momentOf(secondRelease, state.beat)
                                              : momentOf(firstRelease, state.beat);
    if (state.firstFinished)
        state.pushedAt.append(moment.pushed - betweenPushes);
    if (moment.pushed < 0)
        state.pushedAt.append(moment.pushed);

    for (const QString &track : scenario.tracks.keys()) {
        QList<PastTraffic> &before = state.before[track];
        before.append({-1e9, {old, {}, 0}});
        if (state.firstFinished)
            before.append({state.pushedAt.first() + finishedAfter, {good, {}, 0}});
        Moment own = moment;
        if (track != QLatin1String("standalone"))
            own.atTen = own.atFifty = own.rolledBack = 0;
        before += rolloutHistory(own, state.firstFinished ? good : old,
                                 state.firstFinished ? bad : good);
        state.traffic.insert(track, before.last().traffic);
    }
    state.expanded = state.beat >= 6;
    state.backfilled = state.beat >= 14;
    state.contracted = state.beat >= 16;
    if (state.beat >= 15)
        state.worker = good;
    return state;
}

} // namespace pilothouse::sandbox
