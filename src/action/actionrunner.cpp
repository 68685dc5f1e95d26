#include "action/actionrunner.h"

#include "action/outcomewords.h"
#include "base/whendone.h"

#include <QDateTime>
#include <QPromise>
#include <QUuid>

namespace pilothouse {

struct ActionRunner::Going
{
    Intent intent;
    IntentId id;
    Effect effect;
    QPromise<Outcome> promise;
    QString unrecorded; ///< why the intent is not in the journal; empty = it is
};

ActionRunner::ActionRunner(Journal &journal, QString actor, QObject *parent)
    : QObject(parent), m_journal(journal), m_actor(std::move(actor))
{}

bool ActionRunner::busy(const QString &lane) const
{
    return m_busy.contains(lane);
}

QFuture<Outcome> ActionRunner::run(const Intent &intent, Effect effect, WithoutJournal policy)
{
    const auto going = std::make_shared<Going>();
    going->intent = intent;
    going->id = IntentId(QUuid::createUuid().toString(QUuid::WithoutBraces));
    going->effect = std::move(effect);
    going->promise.start();
    if (going->intent.lane.isEmpty())
        going->intent.lane = intent.subject;
    if (going->intent.actor.isEmpty())
        going->intent.actor = m_actor;
    if (busy(going->intent.lane)) {
        Outcome refused;
        refused.kind = Outcome::Kind::Refused;
        refused.text = tr("Something else is under way for %1. Wait until it has ended.")
                           .arg(intent.subject);
        going->promise.addResult(refused);
        going->promise.finish();
        return going->promise.future();
    }
    m_busy.append(going->intent.lane);
    Q_EMIT began(intent.subject, intent.verb);

    Record record;
    record.kind = RecordKind::Intent;
    record.id = going->id;
    record.subject = intent.subject;
    record.actor = going->intent.actor;
    record.body = intent.body;
    record.body[QLatin1String("verb")] = intent.verb;

    const auto notRecorded = [this, going, record, policy](const Error &error) {
        if (policy == WithoutJournal::Refuse) {
            Outcome refused;
            refused.kind = Outcome::Kind::Refused;
            refused.text
                = tr("Nothing was done, because it cannot be recorded: %1").arg(error.message);
            finish(going, refused);
            return;
        }
        going->unrecorded = error.message;
        Record kept = record;
        kept.at = QDateTime::currentDateTimeUtc();
        m_unrecorded.append(kept);
        start(going);
    };
    whenDone(
        m_journal.append(record), this,
        [this, going, notRecorded](const Result<Record> &written) {
            if (written)
                start(going);
            else
                notRecorded(written.error());
        },
        [notRecorded] {
            notRecorded({ErrorKind::Cancelled, tr("the journal gave no answer"), {}, {}});
        });
    return going->promise.future();
}

void ActionRunner::start(const std::shared_ptr<Going> &going)
{
    whenDone(
        going->effect(going->id), this,
        [this, going](const Outcome &outcome) { record(going, outcome); },
        [this, going] {
            Outcome outcome;
            outcome.text = tr("It was given up before an answer came. Look at what is live.");
            record(going, outcome);
        });
}

void ActionRunner::record(const std::shared_ptr<Going> &going, const Outcome &outcome)
{
    const Record outcomeSaid
        = outcomeRecord(going->id, going->intent.subject, going->intent.actor, outcome);
    const auto notRecorded = [this, going, outcomeSaid, outcome](const QString &why) {
        Record kept = outcomeSaid;
        kept.at = QDateTime::currentDateTimeUtc();
        m_unrecorded.append(kept);
        Outcome said = outcome;
        said.text += QLatin1Char(' ') + tr("(Not recorded: %1)").arg(why);
        finish(going, said);
    };
    // An outcome without its intent would be an answer to nothing.
    if (!going->unrecorded.isEmpty()) {
        notRecorded(going->unrecorded);
        return;
    }
    whenDone(
        m_journal.append(outcomeSaid), this,
        [this, going, outcome, notRecorded](const Result<Record> &written) {
            if (written)
                finish(going, outcome);
            else
                notRecorded(written.error().message);
        },
        [notRecorded] { notRecorded(tr("the journal gave no answer")); });
}

void ActionRunner::finish(const std::shared_ptr<Going> &going, const Outcome &outcome)
{
    m_busy.removeOne(going->intent.lane);
    going->promise.addResult(outcome);
    going->promise.finish();
    Q_EMIT ended(going->intent.subject, outcome);
}

} // namespace pilothouse
