#include "migration/act/pausing.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "base/whendone.h"
#include "base/words.h"
#include "migration/migrationtrack.h"
#include "migration/recipe/numberwords.h"

#include <QLocale>
#include <QPromise>

namespace pilothouse {
namespace {

QString rowsText(const ChangeView &change, qint64 done, qint64 total)
{
    const QLocale numbers(QLocale::English);
    const QString rows = numbers.toString(done);
    return total > 0 ? Words::tr("backfill of %1: %2 of ~%3 rows")
                           .arg(change.key.change.value, rows, numbers.toString(total))
                     : Words::tr("backfill of %1: %2 rows").arg(change.key.change.value, rows);
}

Outcome pausedAs(const Facts &facts, const QString &reason)
{
    if (!facts.backfill || facts.backfill->state != BackfillRow::State::Paused)
        return {Outcome::Kind::Failed, Words::tr("the database shows no paused backfill"), {}};
    if (facts.backfill->pausedReason != reason)
        return {Outcome::Kind::Failed,
                Words::tr("the database shows another pause: %1").arg(facts.backfill->pausedReason),
                {}};
    return {Outcome::Kind::Done, Words::tr("the database shows it paused"), {}};
}

} // namespace

bool backfillsHere(const ChangeView &change)
{
    return change.running && !change.running->undo
           && (change.running->current == StepId::M2 || change.running->current == StepId::M3);
}

bool backfillsElsewhere(const ChangeView &change)
{
    return !change.running && change.facts && change.facts->value.backfill
           && change.facts->value.backfill->runnerAlive;
}

QString backfillText(const ChangeView &change)
{
    if (change.running)
        return rowsText(change, change.running->progress.done, change.running->progress.total);
    if (!change.facts || !change.facts->value.backfill)
        return {};
    const BackfillRow &row = *change.facts->value.backfill;
    const QString rows = rowsText(change, row.rowsScanned, row.rowsTotal);
    return row.runnerAlive ? Words::tr("%1, runs elsewhere (pid %2)").arg(rows).arg(row.runnerPid)
                           : rows;
}

Preview pausePreview(const ChangeView &change, const EnvironmentMark &environment)
{
    Preview preview;
    preview.environment = environment;
    preview.scope = change.place;
    preview.title = Words::tr("Pause the backfill of %1").arg(change.key.change.value);
    preview.verb = Words::tr("Pause backfill");
    if (const QString now = backfillText(change); !now.isEmpty())
        preview.rows.append({PreviewRow::Kind::Live, Words::tr("Now"), now});
    preview.rows.append({PreviewRow::Kind::Plain, Words::tr("Then"),
                         Words::tr("the batch that runs ends, and no other one begins; nothing is "
                                   "lost")});
    if (backfillsElsewhere(change))
        preview.rows.append({PreviewRow::Kind::Plain, Words::tr("There"),
                             Words::tr("the console that runs it ends its run, and says who paused "
                                       "it")});
    preview.rows.append({PreviewRow::Kind::Plain, Words::tr("Way back"),
                         Words::tr("resume on the Migrations page: it goes on from its cursor")});
    preview.fingerprint = change.key.change.value;
    return preview;
}

QString stoppedWords(const BackfillRow &row)
{
    return row.state == BackfillRow::State::Paused && !row.pausedReason.isEmpty()
               ? Words::tr("The backfill was %1.").arg(row.pausedReason)
               : Words::tr("The backfill was paused or taken over from elsewhere.");
}

QFuture<Outcome> MigrationTrack::pauseElsewhere(const QString &where)
{
    const QString reason = tr("paused by %1 from %2").arg(m_actions.actor(), where);
    Intent intent;
    intent.subject = subject();
    intent.verb = tr("pause backfill");
    // Nothing of ours that hangs may stand before it.
    intent.lane = subject() + QStringLiteral("/pause");
    intent.body = {{QStringLiteral("change"), m_key.change.value},
                   {QStringLiteral("database"), m_key.database},
                   {QStringLiteral("place"), m_database.place()},
                   {QStringLiteral("pauses"), reason}};
    return m_actions.run(intent, [this, reason](const IntentId &) {
        auto promise = std::make_shared<QPromise<Outcome>>();
        promise->start();
        const auto end = [this, promise](const Outcome &outcome) {
            promise->addResult(outcome);
            promise->finish();
            refresh();
        };
        whenDone(
            m_database.pauseBackfill(m_change, reason), this,
            [end](const Result<BackfillRow> &row) {
                if (row)
                    return end({Outcome::Kind::Done,
                                tr("paused at %1 of ~%2 rows")
                                    .arg(countWords(row->rowsScanned), countWords(row->rowsTotal)),
                                {}});
                Outcome outcome = outcomeOf(row.error());
                // The server may have done it all the same.
                if (mayBeDone(row.error()))
                    outcome.kind = Outcome::Kind::Unknown;
                end(outcome);
            },
            [end] {
                end({Outcome::Kind::Unknown, tr("No answer came."), {}});
            });
        return promise->future();
    });
}

QFuture<Outcome> MigrationTrack::settlePause(const QString &reason)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    const auto end = [promise](const Outcome &outcome) {
        promise->addResult(outcome);
        promise->finish();
    };
    whenDone(
        m_database.facts(m_change, Database::Nulls::Leave), this,
        [this, reason, end](const Result<Reading<Facts>> &facts) {
            if (!facts)
                return end(unseen(facts.error().message));
            m_watch.keep(*facts);
            end(pausedAs(facts->value, reason));
        },
        [end, text = tr("The database connection was closed.")] {
            end({Outcome::Kind::Unknown, text, {}});
        });
    return promise->future();
}

} // namespace pilothouse
