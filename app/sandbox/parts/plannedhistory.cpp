#include "app/sandbox/parts/plannedhistory.h"

namespace pilothouse::sandbox {

namespace {

struct Line
{
    const char *layer;
    const char *nickname;
    const char *author;
    const char *login;
    const char *at;
    int pullRequest;
    const char *subject;
    const char *body;
};

// A commit's identity is a hash over all of this: a changed letter changes every SHA after it.
constexpr Line lines[] = {
    {"01-service", "", "A. Muster", "a-muster", "2026-10-05T08:12:04Z", 0,
     "Start the context service",
     "Search and conversations, with the tests that both tracks share."},
    {"02-helm", "", "B. Novak", "b-novak", "2026-10-12T09:40:31Z", 371,
     "Deploy with Helm, candidate beside stable (#371)",
     "The chart makes the route but leaves its weights alone: people set them."},
    {"03-coditect", "", "C. Weiss", "c-weiss", "2026-10-19T07:55:10Z", 380,
     "Deploy coditect-backend by Cloud Build (#380)", ""},
    {"04-worker", "", "A. Muster", "a-muster", "2026-11-02T10:21:47Z", 395,
     "Import conversations in a worker (#395)", ""},
    {"05-plan", "4be81c0", "A. Muster", "a-muster", "2026-11-03T08:31:19Z", 398,
     "Plan conversations.organization_id (#398)",
     "Only the plan: no code reads or writes the column yet, so contract_ready is false."},
    {"06-cache", "", "C. Weiss", "c-weiss", "2026-11-18T13:02:55Z", 401,
     "Keep answers of the last minute in Redis (#401)", ""},
    {"07-recency", "6d02e19", "B. Novak", "b-novak", "2026-11-19T15:18:40Z", 403,
     "Rank search results by recency (#403)", ""},
    {"08-revert", "", "B. Novak", "b-novak", "2026-11-20T08:47:22Z", 405,
     "Revert \"Rank search results by recency\" (#405)",
     "p95 was 180 ms at 10 %: the order needs every row of a user."},
    {"09-filter", "b7710fe", "A. Muster", "a-muster", "2026-11-23T16:05:09Z", 409,
     "Search within the user's organization (#409)", ""},
    {"10-accesslog", "", "J. Horak", "j-horak", "2026-11-23T16:44:36Z", 411,
     "Say in the access log how long a connection was held (#411)", ""},
    {"11-organization", "9f3c2a1", "A. Muster", "a-muster", "2026-11-23T17:20:58Z", 412,
     "Write organization_id with every conversation (#412)",
     "Repairs the search of #409, which also found what other organizations wrote.\n"
     "From this commit on the application fills the column: contract_ready is true."},
    {"12-errorpages", "", "B. Novak", "b-novak", "2026-11-23T18:02:13Z", 415,
     "Show the request id on error pages (#415)", ""},
    {"13-page", "", "C. Weiss", "c-weiss", "2026-11-23T18:11:45Z", 416,
     "Cut the search page to 50 rows (#416)", ""},
    {"14-scope", "c41d77e", "A. Muster", "a-muster", "2026-11-23T18:39:27Z", 418,
     "Scope search by organization (#418)",
     "The filter reads the new column, and rows are streamed as they come.\n"
     "Needs FastAPI 0.118, which ends dependencies after the answer has been sent."},
};

} // namespace

QList<PlannedCommit> plannedHistory()
{
    QList<PlannedCommit> result;
    for (const Line &line : lines) {
        MadeCommit commit;
        commit.nickname = QString::fromLatin1(line.nickname);
        commit.subject = QString::fromUtf8(line.subject);
        commit.body = QString::fromUtf8(line.body);
        commit.author = QString::fromUtf8(line.author);
        commit.login = QString::fromLatin1(line.login);
        commit.email = commit.login + QStringLiteral("@coditect.example");
        commit.at = QDateTime::fromString(QString::fromLatin1(line.at), Qt::ISODate);
        commit.pullRequest = line.pullRequest;
        result.append({QString::fromLatin1(line.layer), commit});
    }
    return result;
}

} // namespace pilothouse::sandbox
