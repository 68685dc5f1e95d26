#include "migration/overdue/opencontract.h"

#include "base/words.h"
#include "migration/recipe/stepsql.h"

#include <algorithm>
#include <array>

namespace pilothouse {

namespace {

using Trace = OpenContract::Trace;
using Urgency = OpenContract::Urgency;

constexpr int soon = 7; // days; the first rung of the ladder of reminders

/// Rows without a value after the sweep had found none.
bool collectsNulls(const Facts &facts)
{
    const bool swept = facts.backfill && facts.backfill->state == BackfillRow::State::Verified;
    return swept && facts.nulls && facts.nulls->kind != NullCount::Kind::Unknown
           && facts.nulls->rows > 0;
}

Urgency urgencyOf(const OpenContract &contract, const std::optional<Facts> &facts)
{
    if (contract.daysLeft >= 0)
        return contract.daysLeft <= soon ? Urgency::Soon : Urgency::Later;
    if (!facts)
        return Urgency::CannotTell;
    if (collectsNulls(*facts))
        return Urgency::Regressing;
    return contract.against.isEmpty() ? Urgency::Ready : Urgency::Stuck;
}

OpenContract ofFile(const FiledChange &standing)
{
    OpenContract contract;
    contract.change = standing.change.name;
    contract.table = standing.change.table;
    contract.column = standing.change.column;
    contract.owner = standing.change.owner;
    contract.due = standing.change.contractDue;
    contract.stateWords = stateWords(standing.change, *standing.facts);
    contract.against = standing.against;
    contract.found = Trace::File;
    return contract;
}

OpenContract &entryFor(const ChangeName &change, QList<OpenContract> &contracts)
{
    const auto found
        = std::find_if(contracts.begin(), contracts.end(),
                       [&](const OpenContract &each) { return each.change == change; });
    if (found != contracts.end())
        return *found;
    contracts.append(OpenContract{});
    contracts.last().change = change;
    return contracts.last();
}

void addRecord(const RecordedChange &recorded, OpenContract &contract)
{
    contract.found |= Trace::Record;
    if (contract.owner.isEmpty())
        contract.owner = recorded.owner;
    if (!contract.due.isValid())
        contract.due = recorded.due;
    else if (contract.due != recorded.due)
        contract.dueAtExpand = recorded.due;
}

void addMarker(const MarkedColumn &marked, OpenContract &contract)
{
    contract.found |= Trace::Marker;
    contract.table = marked.table;
    contract.column = marked.column;
    if (!contract.due.isValid())
        contract.due = marked.due;
}

/// Names of what a change keeps at its table while it is open.
QStringList helpersOf(const ChangeName &name)
{
    Change change;
    change.name = name;
    return {stepsql::triggerName(change), stepsql::guardName(change)};
}

} // namespace

QString dayWords(const QDate &date)
{
    return date.toString(QStringLiteral("d MMM yyyy"));
}

QString lateWords(int daysLeft)
{
    if (daysLeft == 0)
        return Words::tr("due today");
    if (daysLeft == -1)
        return Words::tr("1 day late");
    if (daysLeft == 1)
        return Words::tr("due tomorrow");
    return daysLeft < 0 ? Words::tr("%1 days late").arg(-daysLeft)
                        : Words::tr("due in %1 days").arg(daysLeft);
}

QString urgencyWord(Urgency urgency)
{
    static constexpr std::array<const char *, 6> words{"later", "soon",       "ready",
                                                       "stuck", "regressing", "cannot-tell"};
    return QLatin1String(words[size_t(urgency)]);
}

QString urgencyWords(const OpenContract &contract)
{
    QStringList words;
    switch (contract.urgency) {
    case Urgency::Later:
    case Urgency::Soon:
        if (!contract.against.isEmpty())
            words << Words::tr("to come: %1").arg(contract.against.join(QStringLiteral("; ")));
        break;
    case Urgency::Ready:
        words << Words::tr("nothing stands against it: run its CONTRACT");
        break;
    case Urgency::Stuck:
        words << Words::tr("stuck: %1").arg(contract.against.join(QStringLiteral("; ")));
        break;
    case Urgency::Regressing:
        words << Words::tr("rows without %1 appear again: new code forgot the column")
                     .arg(contract.column);
        break;
    case Urgency::CannotTell:
        words << Words::tr("no change file at the default branch's tip says what it waits for: "
                           "bring the file back, then contract or undo EXPAND");
        break;
    }
    if (contract.isSilent)
        words << Words::tr("put off until %1 by %2: %3")
                     .arg(dayWords(contract.snoozed.until), contract.snoozed.by,
                          contract.snoozed.reason);
    if (contract.snoozed.times > 0)
        words << snoozedWords(contract.snoozed);
    if (contract.dueAtExpand.isValid())
        words << Words::tr("at EXPAND it was due %1").arg(dayWords(contract.dueAtExpand));
    return words.join(QStringLiteral("; "));
}

QList<OpenContract> openContracts(const QList<FiledChange> &files,
                                  const std::optional<Traces> &traces)
{
    QList<OpenContract> contracts;
    std::map<ChangeName, const FiledChange *> known;
    for (const FiledChange &file : files) {
        if (!file.facts)
            continue;
        known[file.change.name] = &file;
        if (stateOf(file.change, *file.facts) != ChangeState::Cleaned)
            contracts << ofFile(file);
    }
    const auto isOver = [&](const ChangeName &change) {
        const auto found = known.find(change);
        return found != known.end()
               && stateOf(found->second->change, *found->second->facts) == ChangeState::Cleaned;
    };
    if (traces) {
        for (const RecordedChange &recorded : traces->recorded) {
            const bool byFile = known.contains(recorded.change);
            if (!isOver(recorded.change) && (byFile || isOpen(recorded)))
                addRecord(recorded, entryFor(recorded.change, contracts));
        }
        for (const MarkedColumn &marked : traces->marked) {
            if (!isOver(marked.change))
                addMarker(marked, entryFor(marked.change, contracts));
        }
    }
    for (OpenContract &contract : contracts) {
        const auto file = known.find(contract.change);
        const std::optional<Facts> facts = file == known.end() ? std::nullopt : file->second->facts;
        const QDateTime now = traces ? traces->at : facts ? facts->at : QDateTime();
        contract.daysLeft = int(now.date().daysTo(contract.due));
        contract.urgency = urgencyOf(contract, facts);
        if (traces)
            contract.snoozed = historyOf(contract.change, traces->snoozes);
        contract.isSilent = contract.daysLeft < 0 && contract.snoozed.covers(now.date());
    }
    std::stable_sort(
        contracts.begin(), contracts.end(),
        [](const OpenContract &a, const OpenContract &b) { return a.daysLeft < b.daysLeft; });
    return contracts;
}

QList<Leftover> leftoversOfNobody(const Traces &traces, const QList<FiledChange> &files,
                                  const QList<OpenContract> &open)
{
    QStringList claimed;
    for (const OpenContract &contract : open)
        claimed << helpersOf(contract.change);
    for (const FiledChange &file : files)
        claimed << file.change.index; // a build that failed is a step of its change
    QList<Leftover> rest;
    std::copy_if(traces.leftovers.cbegin(), traces.leftovers.cend(), std::back_inserter(rest),
                 [&](const Leftover &leftover) { return !claimed.contains(leftover.object); });
    return rest;
}

} // namespace pilothouse
