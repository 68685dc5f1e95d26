#include "release/releasesources.h"

#include "base/reading.h"
#include "base/whendone.h"
#include "release/releaseviews.h"

namespace pilothouse {

namespace {

constexpr int rememberedRecords = 2000;
constexpr int pollsUntilOld = 2; ///< of the workloads: one brought no answer

} // namespace

ReleaseSources::ReleaseSources(SourceTree &files, Journal &journal, Clock &clock,
                               CommitFacts &facts, std::chrono::milliseconds poll, int earlier)
    : m_files(files), m_journal(journal), m_clock(clock), m_facts(facts), m_poll(poll),
      m_earlier(earlier)
{
    m_gitCopy.name = QStringLiteral("Git copy");
    m_gitCopy.health = SourceState::Health::Loading;
}

void ReleaseSources::start()
{
    connect(&m_journal, &Journal::appended, this, [this](const Record &record) {
        m_records.prepend(record);
        Q_EMIT changed();
    });
    whenDone(
        m_journal.newest(rememberedRecords), this,
        [this](const Result<QList<Record>> &answer) {
            if (!answer) {
                m_journalError = answer.error();
                Q_EMIT changed();
                return;
            }
            m_records = *answer;
            Q_EMIT journalRead();
            Q_EMIT changed();
        },
        [] {});
    poll();
}

void ReleaseSources::refresh()
{
    fetch();
    readRuns();
    readWorkloads();
    readHistory();
}

void ReleaseSources::poll()
{
    readRuns();
    readWorkloads();
    readHistory();
    if (m_facts.hasFailures())
        fetch();
    m_clock.after(m_poll, this, [this] { poll(); });
}

void ReleaseSources::fetch()
{
    whenDone(
        m_files.refresh(), this,
        [this](const Result<void> &fetched) {
            // Without a fetch the clone still answers.
            m_fetchError = fetched ? std::nullopt : std::optional(fetched.error());
            m_facts.forgetFailures();
            readHistory();
            Q_EMIT changed();
        },
        [] {});
}

void ReleaseSources::readRuns()
{
    if (!m_runs)
        return;
    whenDone(
        m_runs->latestRuns(), this,
        [this](const Result<Reading<QList<Run>>> &answer) {
            if (answer) {
                m_latest = answer->value;
                m_runsError.reset();
            } else {
                m_runsError = answer.error(); // what was known stays
            }
            Q_EMIT changed();
        },
        [] {});
}

void ReleaseSources::readWorkloads()
{
    if (!m_workloads)
        return;
    whenDone(
        m_workloads->read(), this,
        [this](const Result<Reading<QList<Workload>>> &answer) {
            if (answer) {
                m_placed = *answer;
                m_workloadsError.reset();
            } else {
                m_workloadsError = answer.error();
            }
            Q_EMIT changed();
        },
        [] {});
}

void ReleaseSources::readHistory()
{
    whenDone(
        m_files.defaultTip(), this,
        [this](const Result<CommitId> &tip) {
            if (!tip) {
                tellGitCopy(tip.error());
                return;
            }
            whenDone(
                m_files.history(*tip, m_earlier), this,
                [this](const Result<QList<Commit>> &commits) {
                    m_history = commits.value_or(m_history);
                    tellGitCopy(commits ? std::nullopt : std::optional(commits.error()));
                    Q_EMIT changed();
                },
                [] {});
        },
        [] {});
}

std::optional<Error> ReleaseSources::unread() const
{
    return m_gitCopy.health == SourceState::Health::Lost ? m_gitCopy.error : std::nullopt;
}

void ReleaseSources::tellGitCopy(const std::optional<Error> &unread)
{
    if (!unread)
        m_gitCopy.lastGoodSinceBoot = m_clock.sinceBoot();
    m_gitCopy.error = unread ? unread : m_fetchError;
    m_gitCopy.health = unread         ? SourceState::Health::Lost
                       : m_fetchError ? healthAfter(*m_fetchError, SourceState::Health::Old)
                                      : SourceState::Health::Live;
    Q_EMIT gitCopyChanged(m_gitCopy);
}

QList<Workload> ReleaseSources::workloads() const
{
    return m_placed ? m_placed->value : QList<Workload>();
}

LiveRow ReleaseSources::asRead(LiveRow row) const
{
    if (m_placed)
        row.age = m_clock.sinceBoot() - m_placed->receivedSinceBoot;
    if (m_workloadsError)
        row.error = m_workloadsError->message;
    row.old = !m_workloadsError && row.age && *row.age >= pollsUntilOld * m_poll;
    return row;
}

} // namespace pilothouse
