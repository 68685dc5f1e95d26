#include "sandboxprogram.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace pilothouse::sandbox;

namespace {

const QString actions = QStringLiteral("/api/v3/repos/coditect-ai/coditect-dev-context/actions");
constexpr int longest = 60'000;

/// What a client of the cluster sees of its objects' identities: "pods/context-… UID".
QStringList identities(const SandboxProgram &program)
{
    QFile kubeconfig(program.place("kubeconfig"));
    if (!kubeconfig.open(QIODevice::ReadOnly))
        return {};
    static const QRegularExpression token(QStringLiteral("token: '([^']+)'"));
    const QString secret = token.match(QString::fromUtf8(kubeconfig.readAll())).captured(1);
    QStringList found;
    for (const char *path :
         {"/api/v1/namespaces/production/pods", "/api/v1/namespaces/production/secrets",
          "/apis/apps/v1/namespaces/production/deployments"}) {
        const QJsonObject list
            = program.client("kubernetes")
                  .get(QLatin1String(path), {{"Authorization", "Bearer " + secret.toUtf8()}})
                  .json();
        for (const auto &item : list.value(QLatin1String("items")).toArray()) {
            const QJsonValue metadata = item[QLatin1String("metadata")];
            found.append(QString::fromLatin1(path).section(QLatin1Char('/'), -1) + QLatin1Char(' ')
                         + metadata[QLatin1String("name")].toString() + QLatin1Char(' ')
                         + metadata[QLatin1String("uid")].toString());
        }
    }
    found.sort();
    return found;
}

/// "7001 ci.yml 9f3c2a1", with the ids of its jobs.
QStringList runsOf(const SandboxProgram &program)
{
    QStringList found;
    for (const auto &run : program.state().value(QLatin1String("runs")).toArray()) {
        const QString id = QString::number(run[QLatin1String("id")].toInteger());
        QString line = id + QLatin1Char(' ') + run[QLatin1String("workflow")].toString()
                       + QLatin1Char(' ') + run[QLatin1String("revision")].toString();
        const QJsonObject jobs = program.client("github")
                                     .get(actions + QStringLiteral("/runs/%1/jobs").arg(id))
                                     .json();
        for (const auto &job : jobs.value(QLatin1String("jobs")).toArray())
            line += QStringLiteral(" %1").arg(job[QLatin1String("id")].toInteger());
        found.append(line);
    }
    return found;
}

/// The text of every job's log of a run that has ended, without the times of day.
QString logsOf(const SandboxProgram &program, qint64 run)
{
    static const QRegularExpression times(
        QStringLiteral("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"));
    QString text;
    const QJsonObject jobs
        = program.client("github").get(actions + QStringLiteral("/runs/%1/jobs").arg(run)).json();
    for (const auto &job : jobs.value(QLatin1String("jobs")).toArray()) {
        const HttpAnswer moved = program.client("github").get(
            actions + QStringLiteral("/jobs/%1/logs").arg(job[QLatin1String("id")].toInteger()));
        const QUrl store(QString::fromLatin1(moved.headers.value("location")));
        const HttpAnswer log = HttpClient(static_cast<quint16>(store.port()))
                                   .get(store.path() + QLatin1Char('?') + store.query());
        text += QString::fromUtf8(log.body);
    }
    return text.replace(times, QStringLiteral("(time)"));
}

/// Two programs of one seed, in step.
struct Pair
{
    [[nodiscard]] QString start(const QStringList &more)
    {
        const QStringList options = QStringList{QStringLiteral("--speed"),
                                                QStringLiteral("10"),
                                                QStringLiteral("--seed"),
                                                QStringLiteral("7"),
                                                QStringLiteral("--fault"),
                                                QStringLiteral("prometheus=lost,postgres=lost")}
                                    + more;
        const QString problem = a.start(parent.filePath(QStringLiteral("a")), options);
        return problem.isEmpty() ? b.start(parent.filePath(QStringLiteral("b")), options) : problem;
    }
    /// Whether both have begun this beat.
    [[nodiscard]] bool both(int beat) const
    {
        return a.state().value(QLatin1String("beat")).toInt() >= beat
               && b.state().value(QLatin1String("beat")).toInt() >= beat;
    }

    QTemporaryDir parent;
    SandboxProgram a;
    SandboxProgram b;
};

QStringList wordsOf(const SandboxProgram &program)
{
    QStringList words;
    for (const auto &said : program.state().value(QLatin1String("said")).toArray())
        words.append(said[QLatin1String("who")].toString() + QStringLiteral(": ")
                     + said[QLatin1String("text")].toString());
    return words;
}

} // namespace

/// One seed, two programs: the same ids, hashes, log texts and order of beats. (That their metrics
/// are the same at the same second is the model's, see modeltest.cpp: two programs are never asked
/// at the same one.)
class SeedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idsHashesAndLogsAreTheSame()
    {
        Pair pair;
        QCOMPARE(pair.start({}), QString());
        QCOMPARE(identities(pair.a), identities(pair.b));
        QVERIFY(identities(pair.a).size() > 10);
        for (const SandboxProgram *program : {&pair.a, &pair.b})
            QCOMPARE(program->client("github").get(actions + QStringLiteral("/runs")).status, 200);
        QTRY_VERIFY_WITH_TIMEOUT(pair.both(4), longest);
        const QJsonValue commits = pair.a.state().value(QLatin1String("commits"));
        QCOMPARE(commits.toObject().size(), 5);
        QCOMPARE(pair.b.state().value(QLatin1String("commits")), commits);
        QCOMPARE(runsOf(pair.a), runsOf(pair.b));
        for (const qint64 run : {6998, 7001}) {
            const QString log = logsOf(pair.a, run);
            QVERIFY(log.size() > 1000);
            QCOMPARE(logsOf(pair.b, run), log);
        }
    }

    void anotherSeedGivesOtherIds()
    {
        Pair pair;
        QCOMPARE(
            pair.a.start(pair.parent.filePath(QStringLiteral("a")),
                         {QStringLiteral("--seed"), QStringLiteral("7"), QStringLiteral("--fault"),
                          QStringLiteral("prometheus=lost,postgres=lost")}),
            QString());
        QCOMPARE(
            pair.b.start(pair.parent.filePath(QStringLiteral("b")),
                         {QStringLiteral("--seed"), QStringLiteral("8"), QStringLiteral("--fault"),
                          QStringLiteral("prometheus=lost,postgres=lost")}),
            QString());
        QVERIFY(identities(pair.a) != identities(pair.b));
    }

    /// The night drill to which nobody comes.
    void theBeatsComeInTheSameOrder()
    {
        Pair pair;
        QCOMPARE(pair.start({QStringLiteral("--start-at"), QStringLiteral("11")}), QString());
        QTRY_VERIFY_WITH_TIMEOUT(pair.both(15), longest);
        const QJsonValue played = pair.a.state().value(QLatin1String("played"));
        QVERIFY2(played.toArray().size() >= 3, "11, 13, 15");
        QCOMPARE(pair.b.state().value(QLatin1String("played")), played);
        QVERIFY(!wordsOf(pair.a).isEmpty());
        QCOMPARE(wordsOf(pair.b), wordsOf(pair.a));
    }
};

QTEST_GUILESS_MAIN(SeedTest)
#include "seedtest.moc"
