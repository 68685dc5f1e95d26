#include "rollout/guard/headlessguard.h"

#include "base/future.h"
#include "base/words.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QPromise>
#include <QTimer>

#include <csignal>

namespace pilothouse {
namespace {

constexpr int lookEveryMilliseconds = 200;

/// What a guard told so far.
struct Told
{
    bool watches = false;
    QString last; ///< its newest sentence, or what it complained of
};

Told toldIn(const QString &output)
{
    Told told;
    QFile file(output);
    if (!file.open(QIODevice::ReadOnly))
        return told;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.isEmpty())
            continue;
        const QJsonObject said = QJsonDocument::fromJson(line).object();
        told.watches = told.watches || said.value(QLatin1String("watches")).toBool();
        told.last = said.isEmpty() ? QString::fromUtf8(line)
                                   : said.value(QLatin1String("sentence")).toString();
    }
    return told;
}

/// Follows one guard until it watches, ended, or took too long.
class Starting final : public QObject
{
public:
    Starting(HeadlessGuard::Watching guard, std::chrono::milliseconds patience, QObject *parent)
        : QObject(parent), m_guard(std::move(guard)), m_deadline(patience)
    {
        m_promise.start();
        connect(&m_timer, &QTimer::timeout, this, &Starting::look);
        m_timer.start(lookEveryMilliseconds);
    }
    [[nodiscard]] QFuture<Result<HeadlessGuard::Watching>> future() { return m_promise.future(); }

private:
    void look()
    {
        // Whether it lives is asked first: what it said last is then in the file.
        const bool lives = ::kill(pid_t(m_guard.process), 0) == 0;
        const Told told = toldIn(m_guard.output);
        if (told.watches && lives)
            return answer(m_guard);
        if (!lives)
            return answer(fail(ErrorKind::Unavailable,
                               Words::tr("The headless guard ended at once: %1").arg(told.last),
                               m_guard.output));
        if (!m_deadline.hasExpired())
            return;
        HeadlessGuard::end(m_guard);
        answer(fail(ErrorKind::TimedOut,
                    Words::tr("The headless guard does not watch, and was ended again: %1")
                        .arg(told.last.isEmpty() ? Words::tr("it said nothing") : told.last),
                    m_guard.output));
    }

    void answer(const Result<HeadlessGuard::Watching> &result)
    {
        m_timer.stop();
        m_promise.addResult(result);
        m_promise.finish();
        deleteLater();
    }

    HeadlessGuard::Watching m_guard;
    QDeadlineTimer m_deadline;
    QTimer m_timer;
    QPromise<Result<HeadlessGuard::Watching>> m_promise;
};

/// A new file that nobody else may read; empty if there is none to be had.
QString newOutput(const QString &folder, const TrackName &track)
{
    if (!QDir().mkpath(folder))
        return {};
    QString name = track.value;
    name.replace(QLatin1Char('/'), QLatin1Char('-'));
    const QString at
        = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"));
    QFile file(QDir(folder).filePath(QStringLiteral("%1-%2.jsonl").arg(name, at)));
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return {};
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return file.fileName();
}

} // namespace

QStringList headlessGuardArguments(const QString &workspaceFile, const TrackName &track)
{
    return {QStringLiteral("guard"),
            QStringLiteral("--workspace"),
            workspaceFile,
            QStringLiteral("--track"),
            track.value,
            QStringLiteral("--until-over")};
}

HeadlessGuard::HeadlessGuard(Settings settings, QObject *parent)
    : QObject(parent), m_settings(std::move(settings))
{}

bool HeadlessGuard::isInstalled() const
{
    return QFileInfo(m_settings.program).isExecutable();
}

QFuture<Result<HeadlessGuard::Watching>> HeadlessGuard::start(const TrackName &track)
{
    if (!isInstalled())
        return ready<Watching>(
            fail(ErrorKind::NotFound, Words::tr("%1 is not there.").arg(m_settings.program)));
    Watching guard;
    guard.output = newOutput(m_settings.folder, track);
    if (guard.output.isEmpty())
        return ready<Watching>(fail(
            ErrorKind::Unavailable,
            Words::tr("What a guard says cannot be written below %1.").arg(m_settings.folder)));
    QProcess process;
    process.setProgram(m_settings.program);
    process.setArguments(headlessGuardArguments(m_settings.workspaceFile, track)
                         << QStringLiteral("--json"));
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(guard.output, QIODevice::Append);
    process.setStandardErrorFile(guard.output, QIODevice::Append);
    // A session of its own: it outlives this window and the terminal that it was started from.
    if (!process.startDetached(&guard.process))
        return ready<Watching>(fail(ErrorKind::Unavailable,
                                    Words::tr("%1 cannot be started.").arg(m_settings.program),
                                    process.errorString()));
    return (new Starting(guard, m_settings.patience, this))->future();
}

void HeadlessGuard::end(const Watching &guard)
{
    ::kill(pid_t(guard.process), SIGTERM);
}

} // namespace pilothouse
