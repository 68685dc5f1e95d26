#include "app/sandbox/parts/servers/serverplace.h"

#include "base/future.h"
#include "base/words.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QStandardPaths>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

struct Account
{
    uid_t user = 65534;
    gid_t group = 65534;
};

Account nobody()
{
    if (const passwd *entry = getpwnam("nobody"))
        return {entry->pw_uid, entry->pw_gid};
    return {};
}

/// Whether people without any right of their own can enter every folder on the way and read there.
bool openToAll(const QString &path)
{
    const QString real = QFileInfo(path).canonicalFilePath();
    if (real.isEmpty())
        return false;
    QFileInfo info(real);
    if (!info.permission(QFile::ReadOther))
        return false;
    for (QString at = info.isDir() ? real : info.path();; at = QFileInfo(at).path()) {
        if (!QFileInfo(at).permission(QFile::ExeOther))
            return false;
        if (at == QLatin1String("/"))
            return true;
    }
}

QString temporaryRoot()
{
    const QString own = QDir::tempPath();
    return openToAll(own) ? own : QStringLiteral("/tmp");
}

tl::unexpected<Error> cannotMake(const QString &path)
{
    return fail(
        ErrorKind::Unavailable,
        Words::tr("The folder %1 cannot be made: choose a place that you may write to.").arg(path),
        QString::fromLocal8Bit(strerror(errno)));
}

/// What runs that were killed could not take away: folders of the servers' account that carry the
/// number of a process that is gone.
void removeLeftovers()
{
    QDir root(temporaryRoot());
    for (const QString &name : root.entryList({QStringLiteral("pilothouse-run-*")},
                                              QDir::Dirs | QDir::Hidden | QDir::NoSymLinks)) {
        const int pid = name.section(QLatin1Char('-'), 2, 2).toInt();
        struct stat status
        {};
        const QString path = root.filePath(name);
        // Everybody may make a folder there: only what is the servers' own is touched.
        if (pid <= 0 || (kill(pid, 0) == 0 || errno != ESRCH)
            || lstat(QFile::encodeName(path).constData(), &status) != 0 || !S_ISDIR(status.st_mode)
            || status.st_uid != nobody().user)
            continue;
        QDir(path).removeRecursively();
    }
}

Result<QString> copyTarget(const ServerPrograms &programs)
{
    const auto cache = serverCache();
    if (!cache)
        return fail(cache.error());
    const QFileInfo folder(programs.folder);
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(folder.canonicalFilePath().toUtf8());
    for (const QFileInfo &entry : QDir(programs.folder).entryInfoList(QDir::Files, QDir::Name))
        hash.addData(QByteArray::number(entry.lastModified().toMSecsSinceEpoch())
                     + QByteArray::number(entry.size()));
    return *cache + QStringLiteral("/parts-") + QString::fromLatin1(hash.result().toHex().left(12));
}

ServerPrograms moved(ServerPrograms programs, const QString &root)
{
    programs.folder = root + programs.folder.mid(programs.root.size());
    programs.root = root;
    return programs;
}

} // namespace

bool changesAccount()
{
    return geteuid() == 0;
}

Command serverCommand(const ServerPrograms &programs, const QString &program,
                      const QStringList &arguments, const QString &deathSignal)
{
    Command command;
    command.program = QStringLiteral("setpriv");
    if (changesAccount()) {
        const Account account = nobody();
        command.arguments << QStringLiteral("--reuid=%1").arg(account.user)
                          << QStringLiteral("--regid=%1").arg(account.group)
                          << QStringLiteral("--clear-groups");
    }
    command.arguments << QStringLiteral("--pdeathsig=") + deathSignal << QStringLiteral("--")
                      << QDir(programs.folder).filePath(program) << arguments;
    command.environment = {};
    command.environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
    command.environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    command.environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    if (!programs.root.isEmpty()) {
        const QDir libraries(programs.root + QStringLiteral("/usr/lib"));
        const QStringList found = libraries.entryList({QStringLiteral("*-linux-gnu*")}, QDir::Dirs);
        if (!found.isEmpty())
            command.environment.insert(QStringLiteral("LD_LIBRARY_PATH"),
                                       libraries.filePath(found.first()));
    }
    command.workingDirectory = QStringLiteral("/");
    command.timeout = std::chrono::seconds(60);
    return command;
}

Result<QString> makeServerFolder(const QString &dir, const QString &name)
{
    if (!changesAccount()) {
        const QString path = QDir(dir).absoluteFilePath(name);
        if (mkdir(QFile::encodeName(path).constData(), 0700) != 0)
            return cannotMake(path);
        return path;
    }
    removeLeftovers();
    QByteArray path = QFile::encodeName(
        temporaryRoot() + QStringLiteral("/pilothouse-run-%1-%2-XXXXXX").arg(getpid()).arg(name));
    if (!mkdtemp(path.data()))
        return cannotMake(QFile::decodeName(path));
    const QString made = QFile::decodeName(path);
    if (auto given = giveToServers(made); !given)
        return fail(given.error());
    return made;
}

Result<QString> serverCache()
{
    if (!changesAccount()) {
        const QString path = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
                             + QStringLiteral("/pilothouse");
        if (!QDir().mkpath(path))
            return cannotMake(path);
        return path;
    }
    const QString path = temporaryRoot() + QStringLiteral("/pilothouse-cache");
    const QByteArray name = QFile::encodeName(path);
    if (mkdir(name.constData(), 0755) != 0 && errno != EEXIST)
        return cannotMake(path);
    struct stat status
    {};
    // Programs are started from here as another account: nobody else may have put them there.
    if (lstat(name.constData(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != 0
        || (status.st_mode & 022) != 0)
        return fail(ErrorKind::Refused,
                    Words::tr("The folder %1 belongs to somebody else: remove it and start again.")
                        .arg(path));
    chmod(name.constData(), 0755);
    return path;
}

Result<> giveToServers(const QString &path)
{
    if (!changesAccount())
        return {};
    const Account account = nobody();
    QStringList all{path};
    QDirIterator entries(path,
                         QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
    while (entries.hasNext())
        all << entries.next();
    for (const QString &one : std::as_const(all))
        if (lchown(QFile::encodeName(one).constData(), account.user, account.group) != 0)
            return fail(
                ErrorKind::Unavailable,
                Words::tr("The folder %1 cannot be given to the account “nobody”.").arg(one),
                QString::fromLocal8Bit(strerror(errno)));
    return {};
}

quint16 freePort()
{
    const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    quint16 port = 0;
    if (bind(handle, reinterpret_cast<sockaddr *>(&address), size) == 0
        && getsockname(handle, reinterpret_cast<sockaddr *>(&address), &size) == 0)
        port = ntohs(address.sin_port);
    close(handle);
    return port;
}

QFuture<Result<ServerPrograms>> withinReach(const ServerPrograms &programs, QObject *context)
{
    if (!changesAccount() || openToAll(programs.folder))
        return ready<ServerPrograms>(programs);
    if (programs.root.isEmpty())
        return ready<ServerPrograms>(fail(
            ErrorKind::NotAllowed,
            Words::tr("The account “nobody” cannot enter %1: make that folder readable for all.")
                .arg(programs.folder)));
    const auto target = copyTarget(programs);
    if (!target)
        return ready<ServerPrograms>(fail(target.error()));
    if (QFileInfo::exists(*target))
        return ready<ServerPrograms>(moved(programs, *target));

    const QString half = *target + QStringLiteral(".%1.tmp").arg(getpid());
    QDir(half).removeRecursively();
    if (mkdir(QFile::encodeName(half).constData(), 0755) != 0)
        return ready<ServerPrograms>(cannotMake(half));
    chmod(QFile::encodeName(half).constData(), 0755);
    Command copy;
    copy.program = QStringLiteral("cp");
    copy.arguments = QStringList{QStringLiteral("-a"), QStringLiteral("--reflink=auto"),
                                 QStringLiteral("--parents")}
                     + programs.needed + QStringList{half};
    copy.workingDirectory = programs.root;
    copy.timeout = std::chrono::minutes(2);
    return ProcessRunner().run(copy).then(context, [programs, half, target = *target](
                                                       const Result<CommandOutput> &output) {
        const auto copied = succeeded(
            output, Words::tr("The servers could not be copied to %1: make room there.").arg(half));
        if (!copied)
            return Result<ServerPrograms>(fail(copied.error()));
        // Somebody else may have been quicker; theirs is as good.
        if (!QDir().rename(half, target))
            QDir(half).removeRecursively();
        return Result<ServerPrograms>(moved(programs, target));
    });
}

QFuture<Result<CommandOutput>> copyFolder(const QString &from, const QString &to)
{
    Command copy;
    copy.program = QStringLiteral("cp");
    copy.arguments = {QStringLiteral("-a"),
                      QStringLiteral("--reflink=auto"),
                      QStringLiteral("-T"),
                      QStringLiteral("--"),
                      from,
                      to};
    copy.timeout = std::chrono::minutes(2);
    return ProcessRunner().run(copy);
}

Result<> succeeded(const Result<CommandOutput> &output, const QString &what)
{
    if (!output)
        return fail(output.error());
    if (output->exitCode != 0)
        return fail(
            ErrorKind::Unavailable, what,
            QString::fromUtf8((output->standardOutput + output->standardError).right(2000)));
    return {};
}

} // namespace pilothouse::sandbox
