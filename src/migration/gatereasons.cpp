#include "migration/gatereasons.h"

#include "base/words.h"
#include "migration/recipe/numberwords.h"

namespace pilothouse {

namespace {

using Kind = Reason::Kind;
using Readiness = RevisionReadiness;

} // namespace

GateReasons::GateReasons(const Change &change, const Facts &facts, const GateContext &context)
    : m_change(change), m_facts(facts), m_context(context)
{}

void GateReasons::blocks(const QString &text, const QString &settle)
{
    m_permission.reasons.append({Kind::Blocks, text, settle});
}

void GateReasons::say(Kind kind, const QString &text)
{
    m_permission.reasons.append({kind, text, {}});
}

void GateReasons::console()
{
    if (m_context.readOnly) {
        blocks(Words::tr("this console was started read-only"),
               Words::tr("start it without --read-only"));
    }
    if (!m_context.lostSince.isEmpty()) {
        blocks(Words::tr("%1 cannot be read since %2").arg(m_context.database, m_context.lostSince),
               Words::tr("bring the connection back; it is tried again by itself"));
    }
    if (!m_context.running.isEmpty()) {
        blocks(Words::tr("%1 is running").arg(m_context.running),
               Words::tr("wait for its end, or stop it"));
    }
}

void GateReasons::server()
{
    const QString user = m_facts.server.user;
    if (m_facts.server.standby) {
        blocks(Words::tr("this server is a standby"),
               Words::tr("point databases.%1 at the primary").arg(m_context.database));
    }
    if (!m_facts.table) {
        blocks(Words::tr("there is no table %1 in this database").arg(m_change.table.text()),
               Words::tr("check the change file's table and databases"));
        return;
    }
    if (!m_facts.table->isOwner) {
        blocks(Words::tr("%1 does not own %2").arg(user, m_change.table.text()),
               Words::tr("connect as a member of the owner's role"));
    }
}

void GateReasons::rowSecurity()
{
    if (m_facts.table && m_facts.table->rowSecurityActive) {
        blocks(Words::tr("row security hides rows of %1 from %2")
                   .arg(m_change.table.text(), m_facts.server.user),
               Words::tr("connect as a role with BYPASSRLS"));
    }
}

void GateReasons::drift()
{
    for (const QString &text : driftOf(m_change, m_facts))
        blocks(QStringLiteral("DRIFT: ") + text,
               Words::tr("make file and database agree; nothing is repaired by itself"));
}

void GateReasons::tool(StepId step)
{
    const auto it = m_change.tools.find(phaseOfStep(step));
    if (it == m_change.tools.end())
        return;
    blocks(Words::tr("%1 does this phase, revision %2").arg(it->second.by, it->second.revision),
           Words::tr("run it there; the checklist follows the facts"));
}

void GateReasons::source()
{
    if (m_facts.sourceTable)
        return;
    blocks(Words::tr("%1 cannot be read, or lacks a column of the derivation")
               .arg(m_change.derive.from.text()),
           Words::tr("check derive in the change file, and SELECT on that table"));
}

void GateReasons::key()
{
    if (m_facts.table && !m_facts.table->key) {
        blocks(Words::tr("%1 has no primary key of one column to walk along")
                   .arg(m_change.table.text()),
               Words::tr("fill the column by other means; the sweep proves it"));
    }
    if (m_facts.table && !m_facts.table->mayUpdate) {
        blocks(Words::tr("%1 may not update %2").arg(m_facts.server.user, m_change.table.text()),
               Words::tr("grant UPDATE on it"));
    }
}

void GateReasons::otherRunner()
{
    // What runs here is its runner, and was told.
    if (m_facts.backfill && m_facts.backfill->runnerAlive && m_context.running.isEmpty()) {
        blocks(Words::tr("the backfill runs in another console (pid %1)")
                   .arg(m_facts.backfill->runnerPid),
               Words::tr("pause it, here or there, or wait for its end"));
    }
}

void GateReasons::nulls()
{
    if (m_facts.column && m_facts.column->notNull)
        return;
    const bool verified
        = m_facts.backfill && m_facts.backfill->state == BackfillRow::State::Verified;
    if (!m_facts.nulls || m_facts.nulls->kind == NullCount::Kind::Unknown) {
        const QString why = m_facts.nulls ? m_facts.nulls->why : QString();
        if (verified) {
            say(Kind::Unknown, Words::tr("NULLs not counted now (%1); swept to 0 before, C2 "
                                         "proves it")
                                   .arg(why.isEmpty() ? Words::tr("not asked yet") : why));
        } else {
            blocks(Words::tr("NULLs not counted: %1")
                       .arg(why.isEmpty() ? Words::tr("not asked yet") : why),
                   Words::tr("run M2 and M3: the sweep counts them"));
        }
        return;
    }
    const NullCount &count = *m_facts.nulls;
    const auto since = std::chrono::milliseconds(count.at.msecsTo(m_facts.at)) + m_context.age;
    const QString ago = spanWords(std::max(since, std::chrono::milliseconds(0)));
    if (count.rows > 0) {
        const QString rows = count.kind == NullCount::Kind::AtLeast
                                 ? Words::tr("%1 or more").arg(countWords(count.rows))
                                 : countWords(count.rows);
        blocks(Words::tr("%1 NULL, counted %2 ago").arg(rows, ago),
               verified ? Words::tr("run the sweep again and find out who writes them")
                        : Words::tr("run the backfill and the sweep to their end"));
        return;
    }
    say(Kind::For, Words::tr("0 NULL, counted %1 ago with row_security = off").arg(ago));
}

void GateReasons::code(const QList<Readiness> &readiness)
{
    if (readiness.isEmpty()) {
        blocks(Words::tr("not known which code runs"),
               Words::tr("wait until the tracks have been read"));
    }
    for (const Readiness &revision : readiness)
        code(revision);
}

void GateReasons::oldWriters()
{
    if (m_facts.column && m_facts.column->notNull && !m_facts.trigger)
        return;
    if (!m_facts.trigger) {
        blocks(Words::tr("no trigger watches for old writers"), Words::tr("run E2"));
        return;
    }
    const std::chrono::milliseconds quiet
        = std::max<std::chrono::milliseconds>(m_change.soak, shortestQuiet);
    bool any = false;
    for (const OldWriter &writer : m_facts.oldWriters) {
        if (writer.op != QLatin1String("INSERT"))
            continue;
        const auto ago
            = std::chrono::milliseconds(writer.lastAt.msecsTo(m_facts.at)) + m_context.age;
        if (ago >= quiet)
            continue;
        any = true;
        blocks(Words::tr("%1 inserted without %2 %3 ago")
                   .arg(writer.app, m_change.column,
                        spanWords(std::max(ago, std::chrono::milliseconds(0)))),
               Words::tr("roll it forward, then wait %1 without another").arg(spanWords(quiet)));
    }
    if (any)
        return;
    const auto watched = sinceRun(StepId::E2);
    if (!watched)
        say(Kind::Unknown,
            Words::tr(
                "old writers: none seen, but since when they are watched for is not recorded"));
    else if (*watched < quiet)
        blocks(Words::tr("old writers: none seen, but watched for only since %1 ago")
                   .arg(spanWords(*watched)),
               Words::tr("wait until %1 without one have passed").arg(spanWords(quiet)));
    else
        say(Kind::For, Words::tr("old writers: none for %1").arg(spanWords(quiet)));
}

std::optional<std::chrono::milliseconds> GateReasons::sinceRun(StepId step) const
{
    QDateTime at;
    for (const StepRecord &record : m_facts.steps) {
        if (record.step == step)
            at = record.at;
    }
    if (!at.isValid())
        return {};
    const auto since = std::chrono::milliseconds(at.msecsTo(m_facts.at)) + m_context.age;
    return std::max(since, std::chrono::milliseconds(0));
}

void GateReasons::soak(StepId step)
{
    const std::chrono::milliseconds soak = m_change.soak;
    if (soak.count() == 0)
        return;
    std::optional<std::chrono::milliseconds> since;
    if (step == StepId::C5)
        since = sinceRun(StepId::C3);
    else if (m_facts.backfill && m_facts.backfill->finishedAt.isValid())
        since = std::chrono::milliseconds(m_facts.backfill->finishedAt.msecsTo(m_facts.at))
                + m_context.age;
    if (since && *since < soak) {
        blocks(step == StepId::C5 ? Words::tr("soaking for %1 more since NOT NULL holds")
                                        .arg(spanWords(soak - *since))
                                  : Words::tr("soaking for %1 more").arg(spanWords(soak - *since)),
               Words::tr("wait: late writers show themselves in that time"));
    }
}

void GateReasons::index()
{
    if (m_change.index.isEmpty() || (m_facts.column && m_facts.column->notNull))
        return;
    if (!m_facts.index) {
        blocks(Words::tr("index %1 is missing").arg(m_change.index), Words::tr("run M4"));
    } else if (!m_facts.index->valid) {
        blocks(m_facts.index->building ? Words::tr("index %1 is being built").arg(m_change.index)
                                       : Words::tr("index %1 is INVALID").arg(m_change.index),
               m_facts.index->building ? Words::tr("wait for its end")
                                       : Words::tr("run M4: it drops the leftover first"));
    }
}

void GateReasons::order(StepId step, const QList<ChangeStep> &steps)
{
    for (const ChangeStep &earlier : steps) {
        if (earlier.id == step)
            return;
        // E3 has its own reasons, place by place, and steps of one run bring each other about.
        if (earlier.id == StepId::E3 || earlier.state != ChangeStep::State::Open
            || runTogether(step).contains(earlier.id))
            continue;
        blocks(Words::tr("%1 %2 comes first").arg(stepWord(earlier.id), earlier.title),
               Words::tr("run %1").arg(stepWord(earlier.id)));
        return;
    }
}

void GateReasons::code(const Readiness &revision)
{
    const QString commit
        = revision.commit.value.isEmpty() ? Words::tr("unknown commit") : shortSha(revision.commit);
    const QString name = revision.where + QLatin1Char(' ') + commit;
    const QString why
        = revision.why.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(revision.why);
    if (revision.state == Readiness::State::Ready) {
        say(Kind::For, Words::tr("ready: %1").arg(name));
        return;
    }
    const bool unknown = revision.state == Readiness::State::CannotTell;
    QString text;
    QString settle;
    switch (revision.role) {
    case Readiness::Role::WayBack:
        text = unknown ? Words::tr("%1 is a way back and cannot be told to be ready").arg(name)
                       : Words::tr("%1 is a way back, not ready and not retired").arg(name);
        settle = Words::tr("retire the way back %1 of %2").arg(commit, revision.where);
        break;
    case Readiness::Role::Worker:
        text = unknown ? Words::tr("%1 cannot be told to be ready").arg(name)
                       : Words::tr("%1 is not ready").arg(name);
        settle = Words::tr("roll %1 forward to a ready commit").arg(revision.where);
        break;
    case Readiness::Role::Traffic:
        text = unknown
                   ? Words::tr("%1 can receive traffic and cannot be told to be ready").arg(name)
                   : Words::tr("%1 can receive traffic and is not ready").arg(name);
        settle = Words::tr("bring a ready commit to 100 % on %1").arg(revision.where);
        break;
    }
    blocks(text + why, settle);
}

} // namespace pilothouse
