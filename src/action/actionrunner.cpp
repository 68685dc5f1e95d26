#include "action/actionrunner.h"

#include "action/outcomewords.h"
#include "base/whendone.h"

#include <QDateTime>
#include <QPromise>
#include <QTimer>
#include <QUuid>

#include <optional>
#include <utility>

namespace pilothouse {

struct ActionRunner::Going
{
    Intent intent;
    IntentId id;
    Effect effect;
    QPromise<Outcome> promise;
    Record asked;                  ///< the intent
    QString unrecorded;            ///< why the intent is not in the journal; empty = it is
    std::optional<Record> outcome; ///< said before the journal had answered for the intent
};

namespace {

/// Calls `late` unless what is returned is set before: by whoever was in time.
template <typename Late>
std::shared_ptr<bool> within(std::chrono::milliseconds time, QObject *context, Late late)
{
    auto answered = std::make_shared<bool>(false);
    QTimer::singleShot(time, context, [answered, late] {
        if (!std::exchange(*answered, true))
            late();
    });
    return answered;
}

QString noAnswer()
{
    return ActionRunner::tr("the journal gave no answer");
}

} // namespace

ActionRunner::ActionRunner(Journal &journal, QString actor, QObject *parent,
                           std::chrono::milliseconds patience,
                           std::chrono::milliseconds recordWithin)
    : QObject(parent), m_journal(journal), m_actor(std::move(actor)), m_patience(patience),
      m_recordWithin(recordWithin)
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

    Record &record = going->asked;
    record.kind = RecordKind::Intent;
    record.id = going->id;
    record.subject = intent.subject;
    record.actor = going->intent.actor;
    record.body = intent.body;
    record.body[QLatin1String("verb")] = intent.verb;

    auto answered = std::make_shared<bool>(false);
    const QFuture<Result<Record>> written = m_journal.append(record);
    if (!written.isFinished() && policy == WithoutJournal::Go)
        answered = within(m_patience, this, [this, going] {
            going->unrecorded = noAnswer();
            keep(going->asked);
            start(going);
        });
    else if (!written.isFinished())
        answered = within(m_recordWithin, this, [this, going] { giveUp(going); });
    const auto refused = [this, going, policy, answered](const Error &why) {
        if (!std::exchange(*answered, true))
            notRecorded(going, why, policy);
    };
    whenDone(
        written, this,
        [this, going, answered, refused](const Result<Record> &answer) {
            if (!answer)
                return refused(answer.error());
            if (!std::exchange(*answered, true))
                return start(going);
            going->unrecorded.clear();
            forget(going->asked);
            if (going->outcome)
                append(going, *going->outcome, {});
        },
        [refused] {
            refused({ErrorKind::Cancelled, noAnswer(), {}, {}});
        });
    return going->promise.future();
}

void ActionRunner::notRecorded(const std::shared_ptr<Going> &going, const Error &why,
                               WithoutJournal policy)
{
    if (policy == WithoutJournal::Refuse) {
        Outcome refused;
        refused.kind = Outcome::Kind::Refused;
        refused.text = tr("Nothing was done, because it cannot be recorded: %1").arg(why.message);
        finish(going, refused);
        return;
    }
    going->unrecorded = why.message;
    keep(going->asked);
    start(going);
}

/// Its record may be written yet: the outcome that it gets then is said here.
void ActionRunner::giveUp(const std::shared_ptr<Going> &going)
{
    const QString waited = QString::number(double(m_recordWithin.count()) / 1000);
    Outcome notBegun;
    notBegun.kind = Outcome::Kind::Refused;
    notBegun.text = tr("Not begun: its record took longer than %1 s to be written.").arg(waited);
    going->outcome = outcomeRecord(going->id, going->intent.subject, going->intent.actor, notBegun);
    Outcome refused;
    refused.kind = Outcome::Kind::Refused;
    refused.text = tr("Nothing was done, because it cannot be recorded: the journal gave no answer "
                      "for %1 s. See that the disk with the journal's folder answers, then try "
                      "again.")
                       .arg(waited);
    finish(going, refused);
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
    // An outcome without its intent would be an answer to nothing.
    if (going->unrecorded.isEmpty())
        return append(going, outcomeSaid, outcome);
    going->outcome = outcomeSaid;
    keep(outcomeSaid);
    Outcome said = outcome;
    said.text += QLatin1Char(' ') + tr("(Not recorded: %1)").arg(going->unrecorded);
    finish(going, said);
}

void ActionRunner::append(const std::shared_ptr<Going> &going, const Record &outcomeSaid,
                          const Outcome &outcome)
{
    const auto unsaid = [this, going, outcomeSaid, outcome](const QString &why) {
        if (going->outcome)
            return; // told and kept already
        going->outcome = outcomeSaid;
        keep(outcomeSaid);
        Outcome said = outcome;
        said.text += QLatin1Char(' ') + tr("(Not recorded: %1)").arg(why);
        finish(going, said);
    };
    const QFuture<Result<Record>> written = m_journal.append(outcomeSaid);
    auto answered = std::make_shared<bool>(false);
    if (!written.isFinished())
        answered = within(m_patience, this, [unsaid] { unsaid(noAnswer()); });
    whenDone(
        written, this,
        [this, going, outcome, outcomeSaid, answered, unsaid](const Result<Record> &answer) {
            *answered = true;
            if (!answer)
                unsaid(answer.error().message);
            else if (going->outcome)
                forget(outcomeSaid);
            else
                finish(going, outcome);
        },
        [answered, unsaid] {
            *answered = true;
            unsaid(noAnswer());
        });
}

void ActionRunner::keep(const Record &record)
{
    Record kept = record;
    kept.at = QDateTime::currentDateTimeUtc();
    m_unrecorded.append(kept);
}

void ActionRunner::forget(const Record &record)
{
    m_unrecorded.removeIf(
        [&record](const Record &kept) { return kept.id == record.id && kept.kind == record.kind; });
}

void ActionRunner::finish(const std::shared_ptr<Going> &going, const Outcome &outcome)
{
    m_busy.removeOne(going->intent.lane);
    going->promise.addResult(outcome);
    going->promise.finish();
    Q_EMIT ended(going->intent.subject, outcome);
}

} // namespace pilothouse
