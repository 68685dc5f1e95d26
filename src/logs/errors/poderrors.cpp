#include "logs/errors/poderrors.h"

#include <algorithm>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds toldTogether{250};
constexpr milliseconds ratesFallWithin{5'000};
constexpr milliseconds takenUpAfter{15'000};

} // namespace

PodErrors::PodErrors(std::vector<LogSource *> sources, TrackName track, Clock &clock,
                     QObject *parent)
    : QObject(parent), m_sources(std::move(sources)), m_track(std::move(track)), m_clock(clock)
{}

void PodErrors::setPods(const QStringList &pods)
{
    if (pods == m_pods)
        return;
    m_pods = pods;
    follow();
    tellSoon();
}

void PodErrors::look(const QObject *who)
{
    if (!m_lookers.insert(who).second)
        return;
    follow();
    tick();
}

void PodErrors::lookAway(const QObject *who)
{
    m_lookers.erase(who);
    follow();
}

void PodErrors::follow()
{
    QStringList wanted;
    if (!m_lookers.empty())
        wanted = m_pods.mid(0, mostFollowed);
    for (auto it = m_followed.begin(); it != m_followed.end();)
        it = wanted.contains(it->first) ? std::next(it) : m_followed.erase(it);
    for (const QString &pod : wanted) {
        if (m_followed.find(pod) == m_followed.end())
            open(pod);
    }
}

void PodErrors::open(const QString &pod)
{
    Followed followed;
    for (LogSource *source : m_sources) {
        followed.stream = source->open(PodLog{m_track, pod, {}});
        if (followed.stream)
            break;
    }
    if (!followed.stream)
        return;
    connect(followed.stream.get(), &LogStream::bytesArrived, this,
            [this, pod](const QByteArray &bytes) { take(pod, bytes); });
    connect(followed.stream.get(), &LogStream::ended, this,
            [this, pod](const Result<void> &outcome) { end(pod, outcome); });
    m_followed.insert_or_assign(pod, std::move(followed));
}

void PodErrors::take(const QString &pod, const QByteArray &bytes)
{
    const auto it = m_followed.find(pod);
    if (it == m_followed.end())
        return;
    Followed &followed = it->second;
    followed.tally.take(bytes, m_clock.now());
    followed.heardAt = m_clock.sinceBoot();
    followed.error.reset();
    followed.answered = true;
    tellSoon();
}

void PodErrors::end(const QString &pod, const Result<void> &outcome)
{
    const auto it = m_followed.find(pod);
    if (it == m_followed.end())
        return;
    Followed &followed = it->second;
    followed.answered = true;
    followed.error = outcome ? std::nullopt : std::optional<Error>(outcome.error());
    followed.stream.release()->deleteLater(); // it is the one that calls
    tellSoon();
    m_clock.after(takenUpAfter, this, [this, pod] {
        const auto again = m_followed.find(pod);
        if (again == m_followed.end() || again->second.stream)
            return;
        // Counted anew: what the log still has comes again. Why it could not be read stays told
        // until it can.
        const std::optional<Error> error = again->second.error;
        open(pod);
        m_followed[pod].answered = true;
        m_followed[pod].error = error;
    });
}

void PodErrors::tellSoon()
{
    if (m_due)
        return;
    m_due = true;
    m_clock.after(toldTogether, this, [this] {
        m_due = false;
        Q_EMIT changed();
    });
}

void PodErrors::tick()
{
    if (m_ticking || m_lookers.empty())
        return;
    m_ticking = true;
    m_clock.after(ratesFallWithin, this, [this] {
        m_ticking = false;
        Q_EMIT changed();
        tick();
    });
}

PodErrorsView PodErrors::view() const
{
    using State = PodErrorsView::State;
    PodErrorsView view;
    view.pods = int(m_followed.size());
    view.leftOut = std::max(0, int(m_pods.size()) - mostFollowed);
    bool answered = false;
    bool readable = false;
    for (const auto &[pod, followed] : m_followed) {
        answered = answered || followed.answered;
        readable = readable || (followed.answered && !followed.error);
        if (followed.error && view.error.isEmpty())
            view.error = followed.error->message;
        const ErrorTally &tally = followed.tally;
        if (tally.count() == 0)
            continue;
        // The log's own clock, which goes on while it says nothing.
        const QDateTime now
            = tally.lastStamp().addMSecs((m_clock.sinceBoot() - followed.heardAt).count());
        view.count += tally.count();
        view.perMinute += tally.inLastMinute(now);
        if (!view.since.isValid() || tally.first() < view.since)
            view.since = tally.first();
        if (view.pod.isEmpty() || tally.newest().at > view.newest.at) {
            view.pod = pod;
            view.newest = tally.newest();
        }
    }
    if (m_pods.isEmpty())
        view.state = State::NoPods;
    else if (view.count > 0)
        view.state = State::Errors;
    else if (readable)
        view.state = State::Quiet;
    else if (!view.error.isEmpty())
        view.state = State::Unreadable;
    else
        view.state = State::Waiting;
    return view;
}

} // namespace pilothouse
