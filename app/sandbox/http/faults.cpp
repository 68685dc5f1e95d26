#include "app/sandbox/http/faults.h"

#include <QRegularExpression>
#include <QTimer>

namespace pilothouse::sandbox {

namespace {

const QStringList &serverNames()
{
    static const QStringList names{QStringLiteral("github"),     QStringLiteral("kubernetes"),
                                   QStringLiteral("cloudrun"),   QStringLiteral("cloudbuild"),
                                   QStringLiteral("prometheus"), QStringLiteral("postgres")};
    return names;
}

struct KindWord
{
    const char *word;
    Fault::Kind kind;
    int amount; ///< where the spec gives none
};

constexpr KindWord kindWords[] = {
    {"lost", Fault::Kind::Lost, 0},        {"5xx", Fault::Kind::ServerError, 0},
    {"slow", Fault::Kind::Slow, 3000},     {"cut", Fault::Kind::Cut, 3},
    {"401", Fault::Kind::Unauthorized, 0}, {"403", Fault::Kind::Forbidden, 0},
    {"409", Fault::Kind::Conflict, 0},     {"410", Fault::Kind::Gone, 0},
    {"429", Fault::Kind::RateLimited, 0},  {"malformed", Fault::Kind::Malformed, 0},
    {"skew", Fault::Kind::Skew, 30},
};

bool isWrite(const Request &request)
{
    return request.method != "GET" && request.method != "HEAD";
}

} // namespace

Result<> FaultPlan::apply(const QString &spec)
{
    static const QRegularExpression form(
        QStringLiteral("^(\\w+)=(\\w+)(?::(-?\\d+))?(?:\\*(\\d+))?$"));
    QHash<QString, QList<Fault>> next = m_faults;
    QStringList touched;
    for (const QString &part : spec.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const auto match = form.match(part.trimmed());
        const QString server = match.captured(1);
        if (!match.hasMatch() || !serverNames().contains(server))
            return fail(ErrorKind::BadInput,
                        tr("Fault “%1” cannot be read: write SERVER=KIND[:AMOUNT][*TIMES], "
                           "SERVER one of %2.")
                            .arg(part, serverNames().join(QLatin1String(", "))));
        touched.append(server);
        if (match.captured(2) == QLatin1String("none")) {
            next.remove(server);
            continue;
        }
        const auto *word
            = std::find_if(std::begin(kindWords), std::end(kindWords), [&](const KindWord &k) {
                  return match.captured(2) == QLatin1String(k.word);
              });
        if (word == std::end(kindWords))
            return fail(
                ErrorKind::BadInput,
                tr("“%1” is no kind of fault: use lost, 5xx, slow, cut, 401, 403, 409, 410, "
                   "429, malformed, skew or none.")
                    .arg(match.captured(2)));
        Fault fault{word->kind, word->amount, -1};
        if (!match.captured(3).isEmpty())
            fault.amount = match.captured(3).toInt();
        if (!match.captured(4).isEmpty())
            fault.times = match.captured(4).toInt();
        next[server].append(fault);
    }
    m_faults = next;
    for (const QString &server : touched)
        Q_EMIT changed(server);
    return {};
}

bool FaultPlan::isLost(const QString &server) const
{
    const QList<Fault> faults = m_faults.value(server);
    return std::any_of(faults.begin(), faults.end(),
                       [](const Fault &f) { return f.kind == Fault::Kind::Lost; });
}

std::optional<Fault> FaultPlan::take(const QString &server, Fault::Kind kind)
{
    const auto faults = m_faults.find(server);
    if (faults == m_faults.end())
        return std::nullopt;
    for (qsizetype i = 0; i < faults->size(); ++i) {
        Fault &fault = (*faults)[i];
        if (fault.kind != kind || fault.times == 0)
            continue;
        if (fault.times > 0)
            --fault.times;
        return fault;
    }
    return std::nullopt;
}

Handler FaultPlan::wrap(const QString &server, Handler inner, Speak speak)
{
    return [this, server, inner = std::move(inner),
            speak = std::move(speak)](const ExchangePtr &exchange) {
        if (take(server, Fault::Kind::Lost))
            return exchange->cut();
        struct Refusal
        {
            Fault::Kind kind;
            int status;
            bool applies;
        };
        const Request &request = exchange->request;
        const Refusal refusals[] = {
            {Fault::Kind::ServerError, 503, true},
            {Fault::Kind::Unauthorized, 401, true},
            {Fault::Kind::RateLimited, 429, true},
            {Fault::Kind::Forbidden, 403, isWrite(request) || server == QLatin1String("github")},
            {Fault::Kind::Conflict, 409, isWrite(request)},
            {Fault::Kind::Gone, 410, !isWrite(request)},
        };
        for (const Refusal &refusal : refusals)
            if (refusal.applies && take(server, refusal.kind))
                return speak(exchange, refusal.status);
        if (take(server, Fault::Kind::Malformed))
            exchange->onReply = [](int &, HeaderList &, QByteArray &body) {
                body.truncate(body.size() * 2 / 3);
            };
        if (const auto broken = take(server, Fault::Kind::Cut))
            exchange->cutAfter = std::max(1, broken->amount);
        if (const auto slow = take(server, Fault::Kind::Slow)) {
            QTimer::singleShot(slow->amount, this, [inner, exchange] {
                if (exchange->isOpen())
                    inner(exchange);
            });
            return;
        }
        inner(exchange);
    };
}

} // namespace pilothouse::sandbox
