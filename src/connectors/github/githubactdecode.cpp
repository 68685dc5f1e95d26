#include "connectors/github/githubactdecode.h"

#include "base/words.h"
#include "connectors/http/jsonreader.h"

namespace pilothouse {

namespace {

Result<JsonReader> githubJson(const QByteArray &body)
{
    return JsonReader::parse(body, QStringLiteral("GitHub"));
}

/// A person by login, a team by its name.
QString reviewerName(const JsonReader &entry)
{
    const auto reviewer = entry.find("reviewer");
    if (!reviewer)
        return {};
    const QString login = reviewer->stringOr("login");
    return login.isEmpty() ? reviewer->stringOr("name", reviewer->stringOr("slug")) : login;
}

PendingEnvironment pendingIn(const JsonReader &entry)
{
    PendingEnvironment pending;
    const JsonReader environment = entry.child("environment");
    pending.id = environment.integer("id");
    pending.name = environment.string("name");
    pending.mayReview = entry.flag("current_user_can_approve");
    for (const JsonReader &reviewer : entry.itemsIfAny("reviewers")) {
        const QString name = reviewerName(reviewer);
        if (!name.isEmpty())
            pending.reviewers.append(name);
    }
    const qint64 minutes = entry.integerOr("wait_timer", 0);
    const QDateTime began = entry.time("wait_timer_started_at");
    pending.since = began;
    if (minutes > 0 && began.isValid())
        pending.waitsUntil = began.addSecs(minutes * 60);
    return pending;
}

} // namespace

Result<QList<PendingEnvironment>> decodePending(const QByteArray &body)
{
    const auto reader = githubJson(body);
    if (!reader)
        return fail(reader.error());
    QList<PendingEnvironment> pending;
    for (const JsonReader &entry : reader->items())
        pending.append(pendingIn(entry));
    return reader->finish(pending);
}

Result<QList<GivenReview>> decodeReviews(const QByteArray &body)
{
    const auto reader = githubJson(body);
    if (!reader)
        return fail(reader.error());
    QList<GivenReview> reviews;
    for (const JsonReader &entry : reader->items()) {
        GivenReview review;
        const QString state = entry.string("state");
        if (state != QLatin1String("approved") && state != QLatin1String("rejected"))
            continue; // "pending": not a decision
        review.state
            = state == QLatin1String("approved") ? ReviewState::Approved : ReviewState::Rejected;
        for (const JsonReader &environment : entry.itemsIfAny("environments"))
            review.environments.append(environment.string("name"));
        if (const auto user = entry.find("user"))
            review.user = user->stringOr("login");
        review.comment = entry.stringOr("comment");
        reviews.append(review);
    }
    return reader->finish(reviews);
}

Result<RunId> decodeDispatch(const QByteArray &body)
{
    if (body.trimmed().isEmpty())
        return RunId();
    const auto reader = githubJson(body);
    if (!reader)
        return fail(reader.error());
    return reader->finish(RunId(reader->integerOr("workflow_run_id", 0)));
}

Result<RunAccess> decodeAccess(const QByteArray &repository)
{
    const auto reader = githubJson(repository);
    if (!reader)
        return fail(reader.error());
    RunAccess access;
    if (reader->flag("archived")) {
        access.mayWrite = false;
        access.why = Words::tr("the repository is archived: its runs are read-only");
    } else if (const auto permissions = reader->find("permissions")) {
        // Fine-grained tokens may have less than their person; then the host itself refuses.
        access.mayWrite = permissions->flag("push") || permissions->flag("admin")
                          || permissions->flag("maintain");
        if (!access.mayWrite)
            access.why = Words::tr("this account may read %1 on GitHub, not write to it")
                             .arg(reader->stringOr("full_name"));
    }
    return reader->finish(access);
}

Result<QString> decodeLogin(const QByteArray &user)
{
    const auto reader = githubJson(user);
    if (!reader)
        return fail(reader.error());
    return reader->finish(reader->string("login"));
}

Result<QList<HeldUp>> decodeHeldUp(const QByteArray &body, const RunId &run)
{
    const auto reader = githubJson(body);
    if (!reader)
        return fail(reader.error());
    QList<HeldUp> items;
    for (const JsonReader &group : reader->items("concurrency_groups")) {
        for (const JsonReader &member : group.itemsIfAny("group_members")) {
            const HeldUp item{group.string("group_name"), run,
                              JobId(member.integerOr("job_id", 0))};
            const bool own = member.integerOr("run_id", run.value) == run.value;
            const bool waits = member.integerOr("position", 0) > 0
                               || member.stringOr("status") == QLatin1String("pending");
            if (own && waits && !items.contains(item))
                items.append(item);
        }
    }
    return reader->finish(items);
}

Result<QList<ConcurrencyBlock>> decodeAhead(const QByteArray &body, const HeldUp &item)
{
    const auto reader = githubJson(body);
    if (!reader)
        return fail(reader.error());
    std::optional<ConcurrencyBlock> first;
    std::optional<ConcurrencyBlock> holder;
    bool isBehind = false;
    for (const JsonReader &member : reader->items("group_members")) {
        const RunId run(member.integerOr("run_id", 0));
        if (run == item.run && JobId(member.integerOr("job_id", 0)) == item.job) {
            isBehind = true;
            continue;
        }
        ConcurrencyBlock block{reader->string("group_name"), run, member.stringOr("run_name"),
                               QUrl(member.stringOr("run_html_url"))};
        block.job = member.stringOr("job_name");
        if (!holder && member.stringOr("status") == QLatin1String("in_progress"))
            holder = block;
        if (!first && !isBehind)
            first = block;
    }
    const auto &found = holder ? holder : first;
    return reader->finish(found ? QList<ConcurrencyBlock>{*found} : QList<ConcurrencyBlock>());
}

} // namespace pilothouse
