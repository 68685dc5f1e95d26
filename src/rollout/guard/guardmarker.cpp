#include "rollout/guard/guardmarker.h"

#include "base/whendone.h"
#include "base/words.h"
#include "rollout/guard/guardselsewhere.h"
#include "rollout/trafficannotations.h"

#include <filesystem>

namespace pilothouse {
namespace {

constexpr std::chrono::milliseconds triedAgainAfter{60'000};

QString pidSpaceOfThis()
{
    std::error_code none;
    const auto link = std::filesystem::read_symlink("/proc/self/ns/pid", none);
    return QString::fromStdString(link.string());
}

} // namespace

GuardMark markOfThisProcess(GuardMark::Where where)
{
    GuardMark mark;
    mark.where = where;
    mark.process = ProcessMark::own();
    mark.pidSpace = pidSpaceOfThis();
    return mark;
}

bool isHeartbeatDue(const QDateTime &heartbeat, const QDateTime &now)
{
    // A clock that was set back is no reason to be silent.
    return !heartbeat.isValid() || now < heartbeat || now - heartbeat >= guardHeartbeat;
}

QList<GuardMark> marksWith(const QList<GuardMark> &known, const std::optional<GuardMark> &own,
                           const ProcessMark &process)
{
    QList<GuardMark> marks = known;
    marks.removeIf([&](const GuardMark &each) {
        return each.process == process || (own && (each.commit != own->commit || isGone(each)));
    });
    if (own)
        marks.append(*own);
    return marks;
}

GuardMarker::GuardMarker(TrafficControl &control, Clock &clock, QObject *parent)
    : QObject(parent), m_control(control), m_clock(clock)
{}

void GuardMarker::keep(const std::optional<GuardMark> &mark)
{
    m_wanted = mark;
    next();
}

void GuardMarker::next()
{
    const bool stands = m_wanted == m_stands && !(m_mayStand && !m_wanted);
    const bool waits = m_failedAt && m_clock.sinceBoot() - *m_failedAt < triedAgainAfter;
    if (m_writing || stands || (waits && m_wanted))
        return;
    if (m_wanted)
        m_process = m_wanted->process;
    m_writing = true;
    const MakeAnnotation make = [own = m_wanted, process = m_process](
                                    const TrafficState &now) -> std::optional<QByteArray> {
        const QList<GuardMark> marks = marksWith(now.guards, own, process);
        if (marks == now.guards)
            return std::nullopt;
        return encodeGuards(marks);
    };
    const auto over = [this](const std::optional<GuardMark> &written) {
        m_writing = false;
        if (m_wanted != written)
            next();
        if (!m_writing)
            Q_EMIT settled();
    };
    whenDone(
        keepAnnotation(m_control, QLatin1String(guardsAnnotation), make, this), this,
        [this, over, written = m_wanted](const Result<Reading<TrafficState>> &answer) {
            if (answer) {
                m_stands = written;
                m_mayStand = false;
                m_failedAt.reset();
                m_trouble.clear();
            } else {
                failed(answer.error());
            }
            over(written);
        },
        [this, over, written = m_wanted] {
            failed({ErrorKind::Unavailable, tr("no answer came"), {}, {}});
            over(written);
        });
}

void GuardMarker::failed(const Error &error)
{
    // One that may have arrived all the same is taken away at the end.
    m_mayStand = m_mayStand
                 || (m_wanted && error.kind != ErrorKind::NotAllowed
                     && error.kind != ErrorKind::Refused && error.kind != ErrorKind::Conflict);
    m_failedAt = m_clock.sinceBoot();
    if (!m_wanted) {
        // It is not tried without an end: who reads it sees that its process is gone.
        m_stands.reset();
        m_mayStand = false;
        return;
    }
    if (std::exchange(m_trouble, error.message) != error.message)
        Q_EMIT troubled(error.message);
}

} // namespace pilothouse
