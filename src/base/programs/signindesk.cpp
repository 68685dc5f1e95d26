#include "base/programs/signindesk.h"

#include "base/tokenforms.h"
#include "base/words.h"

#include <QPointer>
#include <QRegularExpression>

namespace pilothouse {
namespace {

constexpr qsizetype mostLines = 12;

QUrl addressIn(const QString &line)
{
    static const QRegularExpression address(QStringLiteral("https?://[^\\s\"'<>]+"));
    return QUrl(address.match(line).captured(), QUrl::StrictMode);
}

} // namespace

QString VendorLogin::text() const
{
    return (QStringList{command.program} + command.arguments).join(QLatin1Char(' '));
}

SignInDesk::SignInDesk(CommandRunner &runner, QList<VendorLogin> logins, QObject *parent)
    : QObject(parent), m_runner(runner)
{
    for (VendorLogin &login : logins) {
        auto seat = std::make_unique<Seat>();
        seat->login = std::move(login);
        connect(&seat->watcher, &QFutureWatcherBase::finished, this,
                [this, at = seat.get()] { end(*at); });
        m_seats.push_back(std::move(seat));
    }
}

SignInDesk::~SignInDesk()
{
    for (const auto &seat : m_seats) {
        seat->watcher.disconnect(this);
        seat->watcher.cancel();
    }
}

SignInDesk::Seat *SignInDesk::seatOf(const QString &source) const
{
    for (const auto &seat : m_seats) {
        if (seat->login.sources.contains(source))
            return seat.get();
    }
    return nullptr;
}

const VendorLogin *SignInDesk::loginOf(const QString &source) const
{
    const Seat *seat = seatOf(source);
    return seat ? &seat->login : nullptr;
}

SignInDesk::Progress SignInDesk::progressOf(const QString &source) const
{
    const Seat *seat = seatOf(source);
    return seat ? seat->progress : Progress();
}

void SignInDesk::start(const QString &source)
{
    Seat *seat = seatOf(source);
    if (!seat || seat->progress.stage == Stage::Running)
        return;
    seat->progress = {Stage::Running, {}, {}};
    Command command = seat->login.command;
    command.onLine = [self = QPointer<SignInDesk>(this), seat](const QString &line) {
        if (self)
            self->hear(*seat, line);
    };
    seat->watcher.setFuture(m_runner.run(command));
    Q_EMIT changed(seat->login.sources);
}

void SignInDesk::cancel(const QString &source)
{
    Seat *seat = seatOf(source);
    if (seat && seat->progress.stage == Stage::Running)
        seat->watcher.cancel();
}

void SignInDesk::hear(Seat &seat, const QString &line)
{
    const QString said = maskedText(line.trimmed());
    if (said.isEmpty() || seat.progress.stage != Stage::Running)
        return;
    seat.progress.said.append(said);
    if (seat.progress.said.size() > mostLines)
        seat.progress.said.removeFirst();
    // The mask is for eyes: the page may carry what looks like a token.
    if (seat.progress.page.isEmpty())
        seat.progress.page = addressIn(line);
    Q_EMIT changed(seat.login.sources);
}

void SignInDesk::end(Seat &seat)
{
    const QStringList sources = seat.login.sources;
    const bool cancelled = seat.watcher.isCanceled();
    std::optional<Result<CommandOutput>> output;
    if (!cancelled)
        output = seat.watcher.result();
    if (cancelled || (*output && (*output)->exitCode == 0)) {
        seat.progress = {};
        Q_EMIT changed(sources);
        if (!cancelled)
            Q_EMIT signedIn(sources);
        return;
    }
    seat.progress.stage = Stage::Failed;
    seat.progress.page = {};
    if (!*output)
        seat.progress.said.append(output->error().message);
    else if (seat.progress.said.isEmpty())
        seat.progress.said.append(
            Words::tr("“%1” ended without a word. Run it in a terminal.").arg(seat.login.text()));
    Q_EMIT changed(sources);
}

} // namespace pilothouse
