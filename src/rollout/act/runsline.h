#pragma once

#include "action/preview.h"

#include <QList>
#include <QMap>

namespace pilothouse {

/// Something that can still promote though the track was rolled back or is held.
struct StillAble
{
    QString what; ///< "run 7012 (deploy-standalone, waits at production)"
    QString todo; ///< "cancel it on the Pipeline page"

    /// Both in one line.
    [[nodiscard]] QString text() const { return what + QStringLiteral("; ") + todo; }
    bool operator==(const StillAble &) const = default;
};

/// What a track is told of the runs that could still move its traffic: words alone, for the CI
/// host is none of its business.
struct RunsLine
{
    PreviewRow row; ///< of the confirmation of a rollback; no text = there is nothing to say
    QList<StillAble> stillAble; ///< empty while the rollout goes on
    enum class Cancels { Nothing, Runs } cancels = Cancels::Nothing; ///< as `row` tells
    /// Every one that could move this traffic now, whether it was taken away or not; with a host
    /// that does not answer, those that are not seen.
    QList<StillAble> able{};
    PreviewRow holdRow{};                   ///< of the confirmation of a hold
    Cancels holdCancels = Cancels::Nothing; ///< as `holdRow` tells
    PreviewRow beside = {}; ///< of another weight's confirmation, which cancels nothing

    bool operator==(const RunsLine &) const = default;
};

/// What the CI hosts of one track say, as one line.
[[nodiscard]] RunsLine joined(const QList<RunsLine> &lines);

/// Each host's line and all of them as one.
class HostRuns
{
public:
    void set(const QString &host, const RunsLine &line)
    {
        m_lines[host] = line;
        m_all = joined(m_lines.values());
    }
    [[nodiscard]] const RunsLine &all() const { return m_all; }

private:
    QMap<QString, RunsLine> m_lines;
    RunsLine m_all;
};

} // namespace pilothouse
