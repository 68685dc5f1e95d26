#include "connectors/postgres/passage.h"

#include "base/chaining.h"
#include "base/whendone.h"
#include "base/words.h"

#include <QPointer>
#include <QtConcurrent>

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace pilothouse {
namespace {

constexpr std::chrono::milliseconds lookEvery{100};
constexpr std::chrono::milliseconds grace{2'000};

/// A port of 127.0.0.1 that nobody listens at now; 0 = none.
int freePort()
{
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *const raw = reinterpret_cast<sockaddr *>(&address);
    const bool taken
        = handle >= 0 && ::bind(handle, raw, size) == 0 && ::getsockname(handle, raw, &size) == 0;
    if (handle >= 0)
        ::close(handle);
    return taken ? ntohs(address.sin_port) : 0;
}

/// Whether a PostgreSQL answers there, be it that it takes nobody yet. Blocks for up to 2 s.
bool answersAt(const PostgresSettings &settings)
{
    QList<QByteArray> keys;
    QList<QByteArray> values;
    const auto add = [&](const char *key, const QString &value) {
        if (value.isEmpty())
            return;
        keys << key;
        values << value.toUtf8();
    };
    add("service", settings.service);
    add("host", settings.host);
    add("hostaddr", settings.address);
    add("port", settings.port == 0 ? QString() : QString::number(settings.port));
    add("dbname", settings.dbname);
    add("user", settings.user);
    add("connect_timeout", QStringLiteral("2"));
    std::vector<const char *> names;
    std::vector<const char *> texts;
    for (qsizetype i = 0; i < keys.size(); ++i) {
        names.push_back(keys[i].constData());
        texts.push_back(values[i].constData());
    }
    names.push_back(nullptr);
    texts.push_back(nullptr);
    const PGPing answer = PQpingParams(names.data(), texts.data(), 0);
    return answer == PQPING_OK || answer == PQPING_REJECT;
}

} // namespace

const QString Passage::portPlaceholder = QStringLiteral("{port}");

Passage::Passage(ProgramUse wish, const PassageSetting &setting, PostgresSettings target,
                 QObject *parent)
    : QObject(parent), m_wish(std::move(wish)), m_setting(setting), m_target(std::move(target))
{
    const QStringList &words = m_wish.arguments;
    if (std::any_of(words.cbegin(), words.cend(),
                    [](const QString &word) { return word.contains(portPlaceholder); })) {
        m_target.port = freePort();
        m_target.address = QStringLiteral("127.0.0.1");
    }
    m_nextLook.setSingleShot(true);
    m_nextLook.setInterval(lookEvery);
    connect(&m_nextLook, &QTimer::timeout, this, &Passage::look);
    m_patience.setSingleShot(true);
    m_patience.setInterval(m_target.patience);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        stop();
        settle(fail(ErrorKind::TimedOut,
                    Words::tr("%1 has opened no way to %2 within %3 s.")
                        .arg(name(), m_target.place())
                        .arg(m_target.patience.count() / 1000),
                    m_lastLine));
    });
}

Passage::~Passage()
{
    stop();
    settle(fail(ErrorKind::Cancelled, Words::tr("The console is closing.")));
}

QString Passage::name() const
{
    return QStringLiteral("“%1”").arg(m_wish.program);
}

QFuture<Result<void>> Passage::open()
{
    if (m_opening)
        return m_opening->future();
    m_opening = std::make_shared<QPromise<Result<void>>>();
    m_opening->start();
    const QFuture<Result<void>> future = m_opening->future();
    m_state = m_program ? State::Checking : State::Looking;
    look();
    return future;
}

void Passage::look()
{
    whenDone(
        QtConcurrent::run([settings = m_target] { return answersAt(settings); }), this,
        [this](bool answers) { looked(answers); }, [] {});
}

void Passage::looked(bool answers)
{
    switch (m_state) {
    case State::Idle:
        return; // it was given up meanwhile
    case State::Looking:
        if (!answers)
            return askToRun();
        return settle(
            fail(ErrorKind::Refused,
                 Words::tr("Something answers at %1 already, and %2 has not been started. End it, "
                           "or write {port} for the port in the database's \"via\".")
                     .arg(m_target.place(), name())));
    case State::Checking:
        if (answers)
            return settle({});
        stop();
        return askToRun();
    case State::Asking:
        return;
    case State::Opening:
        return answers ? settle({}) : m_nextLook.start();
    }
}

void Passage::askToRun()
{
    m_state = State::Asking;
    const auto use = located(m_wish, m_setting.path, this);
    const auto given = askNext<ProgramUse>(
        use, this, [this](const Result<ProgramUse> &found) -> QFuture<Result<ProgramUse>> {
            if (!found)
                return ready(found);
            return converted<ProgramUse>(
                m_setting.consent.ask(*found), this,
                [found](const Result<void> &allowed) -> Result<ProgramUse> {
                    if (!allowed)
                        return fail(allowed.error());
                    return found;
                });
        });
    whenDone(
        given, this,
        [this](const Result<ProgramUse> &allowed) {
            if (!allowed)
                return settle(fail(allowed.error()));
            start(*allowed);
        },
        [this] {
            settle(fail(ErrorKind::Cancelled, Words::tr("Nobody allowed %1.").arg(name())));
        });
}

void Passage::start(const ProgramUse &use)
{
    m_state = State::Opening;
    m_lastLine.clear();
    Command command;
    command.program = use.program;
    command.arguments = use.arguments;
    command.arguments.replaceInStrings(portPlaceholder, QString::number(m_target.port));
    command.timeout = std::chrono::milliseconds(0);
    command.grace = grace;
    command.endsWithUs = true;
    command.onLine = [self = QPointer<Passage>(this)](const QString &line) {
        if (self && !line.trimmed().isEmpty())
            self->m_lastLine = line.trimmed();
    };
    m_patience.start();
    m_nextLook.start();
    m_program = m_setting.runner.run(command);
    whenDone(
        *m_program, this,
        [this, start = ++m_starts](const Result<CommandOutput> &how) {
            if (m_program && start == m_starts)
                ended(how);
        },
        [] {});
}

void Passage::ended(const Result<CommandOutput> &how)
{
    m_program.reset();
    if (m_state != State::Opening)
        return; // the next who needs it starts it again
    m_state = State::Idle;
    if (!how)
        return settle(tl::unexpected<Error>(how.error()));
    settle(fail(ErrorKind::Unavailable,
                Words::tr("%1, which opens the way to %2, ended with code %3: %4")
                    .arg(name(), m_target.place())
                    .arg(how->exitCode)
                    .arg(m_lastLine.isEmpty() ? Words::tr("it said nothing") : m_lastLine)));
}

void Passage::settle(const Result<void> &result)
{
    m_patience.stop();
    m_nextLook.stop();
    m_state = State::Idle;
    if (const auto opening = std::exchange(m_opening, nullptr)) {
        opening->addResult(result);
        opening->finish();
    }
}

void Passage::stop()
{
    if (auto program = std::exchange(m_program, std::nullopt))
        program->cancel();
}

} // namespace pilothouse
