#include "packaging/machine.h"

#include <QCryptographicHash>

namespace {

const char *const packages[] = {"postgresql-15", "postgresql-client-15", "prometheus"};

} // namespace

/// How the rehearsal's servers are fetched: by the real apt and dpkg, from an archive on this disk.
class ServersTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Machine> m_machine;

    /// A package whose programs start and tell a version, as the real ones do.
    void makePackage(const QByteArray &name, const QStringList &programs) const
    {
        const QString folder = m_machine->path("made/") + QString::fromUtf8(name);
        m_machine->write(QString::fromUtf8("made/" + name + "/DEBIAN/control"),
                         "Package: " + name
                             + "\nVersion: 1\nArchitecture: all\nMaintainer: nobody "
                               "<nobody@example.org>\nDescription: a stub\n");
        QFile::setPermissions(folder + QStringLiteral("/DEBIAN"), QFileDevice::Permissions(0x7755));
        for (const QString &program : programs) {
            QVERIFY(QDir().mkpath(QFileInfo(folder + program).path()));
            QVERIFY(QFile::copy(QStandardPaths::findExecutable(QStringLiteral("true")),
                                folder + program));
        }
        QProcess dpkg;
        dpkg.start(
            QStringLiteral("dpkg-deb"),
            {QStringLiteral("--build"), folder,
             m_machine->path("archive/") + QString::fromUtf8(name) + QStringLiteral(".deb")});
        QVERIFY(dpkg.waitForFinished() && dpkg.exitCode() == 0);
    }
    /// What the archive says of its packages.
    void makeIndex(const QByteArray &wrongFor = {}) const
    {
        QByteArray index;
        for (const QByteArray name : packages) {
            const QByteArray content = m_machine->read(("archive/" + name + ".deb").constData());
            QByteArray sum = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
            if (name == wrongFor)
                sum.replace(0, 8, "00000000");
            index += m_machine->read(("made/" + name + "/DEBIAN/control").constData())
                     + "Filename: ./" + name + ".deb\nSize: " + QByteArray::number(content.size())
                     + "\nSHA256: " + sum + "\n\n";
        }
        m_machine->write("archive/Packages", index);
    }
    void source(const QByteArray &address) const
    {
        m_machine->write("sources.list", "deb [trusted=yes] " + address + " ./\n");
    }
    [[nodiscard]] Ended provide() const
    {
        return m_machine->call("words places packages aptroot servers", "provide_servers\n");
    }
    void nothingThatLooksWhole() const
    {
        QVERIFY(!QFile::exists(m_machine->path("cache/pilothouse/parts")));
    }
    void whole() const
    {
        QCOMPARE(
            m_machine->lines("cache/pilothouse/parts/files"),
            (QStringList{QStringLiteral("usr/bin/prometheus"), QStringLiteral("usr/bin/promtool"),
                         QStringLiteral("usr/lib/postgresql/15/bin/initdb"),
                         QStringLiteral("usr/lib/postgresql/15/bin/postgres")}));
        QStringList left = m_machine->in("cache/pilothouse");
        QCOMPARE(left, (QStringList{QStringLiteral("parts"), QStringLiteral("parts.lock")}));
    }

private Q_SLOTS:
    void init()
    {
        m_machine = std::make_unique<Machine>(
            QStringLiteral(
                "sort find stat ldd dpkg dpkg-deb tar cp mv ln chmod true apt-config rmdir")
                .split(QLatin1Char(' ')));
        m_machine->openFolder("cache");
        m_machine->openFolder("archive");
        m_machine->write("bin/dpkg-query",
                         "#!/bin/bash\nfor each; do echo \"installed $each\"; done\n");
        // The archive is ours alone, and this machine's own servers are not looked at.
        m_machine->write(
            "bin/apt-get",
            keeping("[[ ! -e $LOGS/cut ]] || . \"$LOGS/cut\"\n"
                    "exec /usr/bin/apt-get -o Dir::Etc::sourcelist='"
                    + m_machine->path("sources.list").toUtf8()
                    + "' -o Dir::Etc::sourceparts=/dev/null -o Dir::State::status=/dev/null "
                      "-o Acquire::http::Proxy=DIRECT \"$@\"\n"));
        m_machine->replace("packaging/lib/servers.sh", "printf '%s\\n' /usr/lib/postgresql/",
                           "printf '%s\\n' /nowhere/postgresql/");
        m_machine->replace("packaging/lib/servers.sh", "[[ -x /usr/bin/prometheus &&",
                           "[[ -x /nowhere/prometheus &&");
        makePackage("postgresql-15", {QStringLiteral("/usr/lib/postgresql/15/bin/postgres"),
                                      QStringLiteral("/usr/lib/postgresql/15/bin/initdb")});
        makePackage("postgresql-client-15", {});
        makePackage("prometheus",
                    {QStringLiteral("/usr/bin/prometheus"), QStringLiteral("/usr/bin/promtool")});
        makeIndex();
        source("file:" + m_machine->path("archive").toUtf8());
    }
    void cleanup() { QCOMPARE(m_machine->in("tmp"), QStringList()); }

    void theyAreUnpackedAndNotInstalled()
    {
        const Ended ended = provide();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(ended.err, QByteArray("pilothouse: fetching without installing: postgresql-15 "
                                       "postgresql-client-15 prometheus\n"));
        whole();
        const qsizetype asked = m_machine->calls("apt-get").size();
        QVERIFY2(provide().err.isEmpty(), "a second time there is nothing to do");
        QCOMPARE(m_machine->calls("apt-get").size(), asked);
    }

    void aPartThatACleanerTookIsFetchedAgain()
    {
        QCOMPARE(provide().code, 0);
        m_machine->remove("cache/pilothouse/parts/usr/bin/promtool");
        const Ended ended = provide();
        QVERIFY2(ended.code == 0, ended.err.constData());
        whole();
        QVERIFY(QFile::exists(m_machine->path("cache/pilothouse/parts/usr/bin/promtool")));
    }

    void whatCannotBeFetchedIsToldAndNothingIsLeft_data()
    {
        QTest::addColumn<QByteArray>("broken");
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArray>("reason");
        const QByteArray all = "The packages postgresql-15 postgresql-client-15 prometheus";
        QTest::newRow("a wrong checksum")
            << QByteArray("sum") << all << QByteArray("Hash Sum mismatch");
        QTest::newRow("a file that is cut short")
            << QByteArray("size") << all << QByteArray("Hash Sum mismatch");
        QTest::newRow("no network") << QByteArray("network") << QByteArray("The package lists")
                                    << QByteArray("Could not connect to 127.0.0.1:1");
    }
    void whatCannotBeFetchedIsToldAndNothingIsLeft()
    {
        QFETCH(QByteArray, broken);
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, reason);
        const QByteArray archived = m_machine->read("archive/prometheus.deb");
        if (broken == "sum")
            makeIndex("prometheus");
        else if (broken == "size")
            m_machine->write("archive/prometheus.deb",
                             m_machine->read("archive/prometheus.deb").left(3000));
        else
            source("http://127.0.0.1:1/debian");
        const Ended ended = provide();
        QCOMPARE(ended.code, 2);
        const QByteArray said = ended.err.split('\n').value(1);
        QVERIFY2(said.startsWith("pilothouse: " + what + " could not be fetched (" + reason),
                 ended.err.constData());
        QVERIFY2(
            said.endsWith("): check the network and the sources in /etc/apt, then run this again."),
            ended.err.constData());
        QCOMPARE(ended.err.count('\n'), 2);
        nothingThatLooksWhole();
        QCOMPARE(m_machine->in("cache/pilothouse"), QStringList{QStringLiteral("parts.lock")});

        // And with a whole archive the same call finishes.
        source("file:" + m_machine->path("archive").toUtf8());
        m_machine->write("archive/prometheus.deb", archived);
        makeIndex();
        QCOMPARE(provide().code, 0);
        whole();
    }

    void oneThatWasKilledHalfWayIsBegunAnew()
    {
        // The script that called it ends as by kill -9, when the first file is half there.
        m_machine->write("logs/cut", "if [[ \"$*\" == *download* ]]; then\n"
                                     "echo half >half.deb; kill -KILL $PPID; exit 1; fi\n");
        QCOMPARE(provide().code, -1);
        nothingThatLooksWhole();
        QCOMPARE(m_machine->in("cache/pilothouse").size(), 2); // the lock and what was begun
        m_machine->remove("logs/cut");
        const Ended ended = provide();
        QVERIFY2(ended.code == 0, ended.err.constData());
        whole();
    }
};

QTEST_GUILESS_MAIN(ServersTest)
#include "serverstest.moc"
