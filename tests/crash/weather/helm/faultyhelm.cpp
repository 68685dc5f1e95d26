#include "crash/weather/helm/faultyhelm.h"

#include <QFile>

namespace pilothouse {

using namespace std::chrono_literals;
using Cluster = HelmFault::Cluster;

namespace {

/// A dry run and what only reads are not disturbed, and of what writes the next one alone.
constexpr char front[] = R"sh(#!/bin/sh
here=$(dirname "$0")
helm() { "$here/real" "$@"; }
case " $* " in *" --dry-run"*) exec "$here/real" "$@" ;; esac
if [ "$(cat "$here/verb" 2>/dev/null)" = "$1" ]; then
    rm "$here/verb"
    . "$here/fault"
else
    exec "$here/real" "$@"
fi
)sh";

/// Ended as soon as the lock is there.
constexpr char killedInTheLock[] = R"sh(
hangs=; [ "$1" != upgrade ] || hangs='--set hangs=pre-upgrade'
"$here/real" "$@" $hangs >/dev/null 2>&1 &
real=$!
release=$2
until helm status "$release" --namespace production --kubeconfig "$KUBECONFIG" 2>/dev/null |
    grep -q 'STATUS: pending'; do
    kill -0 $real 2>/dev/null || exit 99
done
kill -9 $real
kill -9 $$
)sh";

} // namespace

const QList<HelmFault> &helmFaults()
{
    static const QList<HelmFault> all{
        {"is not there", {}},
        {"is gone for good", {}, Cluster::Untouched, true, true},
        {"fails and says why", "echo 'Error: made by the test' >&2; exit 1"},
        {"fails without a word", "exit 3"},
        {"is killed", "kill -9 $$"},
        {"is terminated", "kill -TERM $$"},
        {"says garbage and that all is well", "head -c 100000 /dev/urandom; exit 0"},
        {"hangs", "exec sleep 60", Cluster::Untouched, false},
        {"hangs and does not want to end", "trap '' TERM; while :; do sleep 1; done",
         Cluster::Untouched, false},
        {"speaks without end", "exec yes 'made by the test'", Cluster::Untouched, false},
        {"is killed though done", "helm \"$@\"; kill -9 $$", Cluster::Done},
        {"fails though done",
         "helm \"$@\" >/dev/null; echo 'Error: the connection broke' >&2; exit 1", Cluster::Done},
        {"hangs though done", "helm \"$@\"; exec sleep 60", Cluster::Done, false},
        {"says garbage though done", "helm \"$@\" >/dev/null && head -c 100000 /dev/urandom",
         Cluster::Done},
        {"speaks very long and does it", "yes 'made by the test' | head -c 5000000; helm \"$@\"",
         Cluster::Done},
        {"is killed in the lock", killedInTheLock, Cluster::Locked},
    };
    return all;
}

FaultyHelm::FaultyHelm(const QString &helm)
{
    QFile::link(helm, file("real"));
    write("helm", front);
}

QString FaultyHelm::file(const char *name) const
{
    return m_folder.filePath(QLatin1String(name));
}

void FaultyHelm::write(const char *name, const QByteArray &text) const
{
    QFile made(file(name));
    if (!made.open(QIODevice::WriteOnly | QIODevice::Truncate))
        qFatal("%s", qPrintable(made.errorString()));
    made.write(text);
    made.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

QString FaultyHelm::program() const
{
    return file("helm");
}

void FaultyHelm::arm(const HelmFault &fault, const QString &verb)
{
    m_fault = fault;
    m_verb = verb;
    write("fault", fault.script);
    write("verb", verb.toLatin1());
}

bool FaultyHelm::hasStruck() const
{
    return !QFile::exists(file("verb"));
}

bool FaultyHelm::strikes(const Command &command) const
{
    return command.arguments.first() == m_verb && (!hasStruck() || m_fault.lasts)
           && !command.arguments.contains(QStringLiteral("--dry-run=server"));
}

QFuture<Result<CommandOutput>> FaultyHelm::run(const Command &command)
{
    Command hasty = command;
    const bool struck = strikes(command);
    if (struck && m_fault.script.isEmpty()) {
        QFile::remove(file("verb"));
        hasty.program += QStringLiteral(".gone");
    }
    if (struck && !m_fault.ends) {
        // What is done first takes its time on a busy machine.
        hasty.timeout = m_fault.cluster == Cluster::Done ? 12s : 1s;
        hasty.grace = std::min(command.grace, std::chrono::milliseconds(300));
    }
    return m_runner.run(hasty);
}

} // namespace pilothouse
