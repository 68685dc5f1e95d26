#include "packaging/checkout.h"

#include <QStandardPaths>
#include <QTest>

#include <unistd.h>

namespace {

/// What packages.sh itself needs of a machine; all else that it finds are our stubs.
const char *const tools[]
    = {"awk",    "bash", "cat", "cut",   "df",     "dirname", "env",  "flock",
       "getent", "grep", "id",  "mkdir", "mktemp", "rm",      "tail", "touch"};

QByteArray keeping(const QByteArray &rest)
{
    return "#!/bin/bash\nprintf '%s\\n' \"$*\" >>\"$LOGS/${0##*/}\"\n" + rest;
}

} // namespace

/// packaging/setup and how it installs what is missing, on a machine whose package tools are stubs.
class SetupTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Checkout> m_checkout;

    /// As a person who is not root, as most are; root itself asks nobody.
    [[nodiscard]] Ended asAnybody(const QStringList &words) const
    {
        if (::geteuid() != 0)
            return m_checkout->run(words.first(), words.mid(1));
        const QStringList nobody{QStringLiteral("--reuid=nobody"),
                                 QStringLiteral("--regid=nogroup"),
                                 QStringLiteral("--clear-groups")};
        return m_checkout->run(QStandardPaths::findExecutable(QStringLiteral("setpriv")),
                               nobody + words);
    }
    /// Installs what is missing of two packages.
    [[nodiscard]] Ended install() const
    {
        return asAnybody({m_checkout->path("bin/bash"), QStringLiteral("-c"),
                          QStringLiteral("set -euo pipefail\n"
                                         "for part in words places packages; do\n"
                                         ". packaging/lib/$part.sh; done\n"
                                         "install_packages here ninja-build qt6-base-dev")});
    }
    void distribution(const QByteArray &release) const
    {
        const QByteArray machines("/etc/os-release");
        QByteArray places = m_checkout->read("packaging/lib/places.sh");
        QVERIFY(places.contains(machines));
        m_checkout->write("os-release", release);
        m_checkout->write("packaging/lib/places.sh",
                          places.replace(machines, m_checkout->path("os-release").toUtf8()));
    }
    /// What a stub was called with, a line a call.
    [[nodiscard]] QStringList calls(const char *program) const
    {
        return m_checkout->lines((QByteArray("logs/") + program).constData());
    }
    static void refused(const Ended &ended, const QByteArray &sentence)
    {
        QVERIFY2(ended.err.endsWith("pilothouse: " + sentence + "\n"), ended.err.constData());
        QCOMPARE(ended.code, 2);
        QCOMPARE(ended.out, QByteArray());
    }
    [[nodiscard]] QStringList leftInTemporaryFolder() const
    {
        return QDir(m_checkout->path("tmp")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    }

private Q_SLOTS:
    void cleanup() { QCOMPARE(leftInTemporaryFolder(), QStringList()); }

    void init()
    {
        m_checkout = std::make_unique<Checkout>();
        QVERIFY(QDir(m_checkout->path("")).mkpath(QStringLiteral("bin")));
        for (const char *tool : tools) {
            const QString name = QString::fromLatin1(tool);
            QVERIFY(
                QFile::link(QStandardPaths::findExecutable(name), m_checkout->path("bin/") + name));
        }
        distribution("ID=debian\nVERSION_CODENAME=bookworm\n");
        m_checkout->set("PATH", m_checkout->path("bin"));
        for (const char *folder : {"logs", "tmp"}) {
            QDir().mkpath(m_checkout->path(folder));
            QFile::setPermissions(m_checkout->path(folder), QFileDevice::Permissions(0x7777));
        }
        m_checkout->set("LOGS", m_checkout->path("logs"));
        m_checkout->write("bin/dpkg-query", "#!/bin/bash\necho 'installed here'\n");
        m_checkout->write("bin/dpkg", keeping("exit 0\n"));
        m_checkout->write("bin/apt-get", keeping("exit 0\n"));
        m_checkout->write("bin/sudo",
                          keeping("while [[ $1 == -* ]]; do shift; done\nexec \"$@\"\n"));
        m_checkout->write("bin/true", "#!/bin/bash\n");
        m_checkout->write("bin/sleep", keeping(""));
    }

    void anotherDistributionIsRefused_data()
    {
        QTest::addColumn<QByteArray>("release");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("another") << QByteArray("ID=ubuntu\nVERSION_CODENAME=noble\n")
                                 << QByteArray("ubuntu noble");
        QTest::newRow("an older Debian") << QByteArray("ID=debian\nVERSION_CODENAME=\"bullseye\"\n")
                                         << QByteArray("debian bullseye");
        QTest::newRow("one without a name")
            << QByteArray("ID=arch\n") << QByteArray("arch unknown");
    }
    void anotherDistributionIsRefused()
    {
        QFETCH(QByteArray, release);
        QFETCH(QByteArray, named);
        m_checkout->write("os-release", release);
        const Ended ended
            = m_checkout->run(m_checkout->path("bin/bash"), {QStringLiteral("packaging/setup")});
        const QByteArray sentence = "This machine runs '" + named
                                    + "', but only Debian 12 (bookworm) and Debian 13 (trixie) are "
                                      "supported.";
        refused(ended, sentence);
        QCOMPARE(ended.err, "pilothouse: " + sentence + "\n");
        QVERIFY(!QFile::exists(m_checkout->path("cache")));
    }

    void aWrongCallIsRefused()
    {
        const Ended ended
            = m_checkout->run(m_checkout->path("bin/bash"),
                              {QStringLiteral("packaging/setup"), QStringLiteral("--for-test")});
        refused(ended, "Usage: packaging/setup [--for-tests] [--for-benches]");
    }

    void aCacheThatCannotBeMadeIsRefused()
    {
        m_checkout->set("XDG_CACHE_HOME", m_checkout->path("os-release"));
        const Ended ended
            = m_checkout->run(m_checkout->path("bin/bash"), {QStringLiteral("packaging/setup")});
        refused(ended, "The cache folder " + m_checkout->path("os-release").toUtf8()
                           + "/pilothouse cannot be made: make its parent writable, or set "
                             "XDG_CACHE_HOME to a folder that is.");
    }

    void whatIsInstalledIsNotAskedFor()
    {
        m_checkout->write("bin/dpkg-query", "#!/bin/bash\nfor each in here ninja-build "
                                            "qt6-base-dev; do echo \"installed $each\"; done\n");
        const Ended ended = install();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(ended.err, QByteArray());
        QCOMPARE(calls("sudo") + calls("apt-get"), QStringList());
    }

    void onlyWhatIsMissingIsInstalled()
    {
        const Ended ended = install();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(ended.err,
                 QByteArray("pilothouse: installing with apt: ninja-build qt6-base-dev\n"));
        const QStringList asked = calls("apt-get");
        QCOMPARE(asked.size(), 2);
        QVERIFY(asked[0].endsWith(QLatin1String(" update")));
        QVERIFY(asked[1].endsWith(QLatin1String("install -y --no-install-recommends --no-remove "
                                                "ninja-build qt6-base-dev")));
        // Nobody is there to answer a question.
        for (const QString &call : calls("sudo"))
            QVERIFY2(call.startsWith(QLatin1String("-n ")), qPrintable(call));
    }

    void withoutRootTheAdministratorsCommandIsTold_data()
    {
        QTest::addColumn<QByteArray>("sudo");
        QTest::newRow("sudo is absent") << QByteArray();
        QTest::newRow("sudo refuses") << QByteArray("#!/bin/bash\nexit 1\n");
    }
    void withoutRootTheAdministratorsCommandIsTold()
    {
        QFETCH(QByteArray, sudo);
        m_checkout->remove("bin/sudo");
        if (!sudo.isEmpty())
            m_checkout->write("bin/sudo", sudo);
        const Ended ended = install();
        refused(ended,
                "These packages are missing, and installing them needs root (sudo is absent, "
                "or it refused). Ask an administrator to run: apt-get install "
                "--no-install-recommends ninja-build qt6-base-dev");
        QCOMPARE(ended.err.count('\n'), 1);
        QCOMPARE(calls("apt-get"), QStringList());
    }

    void whatCannotBeFetchedIsToldWithTheReason_data()
    {
        QTest::addColumn<QByteArray>("aptGet");
        QTest::addColumn<QByteArray>("sentence");
        const QByteArray advice = ": check the network and the sources in /etc/apt, then run this "
                                  "again.";
        const QByteArray reason = "Temporary failure resolving 'deb.example.org'";
        QTest::newRow("no network, and apt fails")
            << "echo \"Err:1 http://deb.example.org/debian InRelease\n  " + reason
                   + "\"\nexit 100\n"
            << "The package lists could not be fetched (" + reason + ")" + advice;
        QTest::newRow("no network, and apt only warns")
            << "echo \"W: Failed to fetch http://deb.example.org/debian/InRelease  " + reason
                   + "\"\n"
            << "The package lists could not be fetched (" + reason + ")" + advice;
        QTest::newRow("no network for the packages")
            << QByteArray("[[ $* != *install* ]] || { echo 'E: Failed to fetch "
                          "http://deb.example.org/ninja.deb  404  Not Found'; exit 100; }\n")
            << "The packages could not be fetched (404  Not Found)" + advice;
        QTest::newRow("apt does not say why")
            << QByteArray("exit 100\n")
            << "The package lists could not be fetched (no reason was given)" + advice;
    }
    void whatCannotBeFetchedIsToldWithTheReason()
    {
        QFETCH(QByteArray, aptGet);
        QFETCH(QByteArray, sentence);
        m_checkout->write("bin/apt-get", keeping(aptGet));
        const Ended ended = install();
        refused(ended, sentence);
        QCOMPARE(ended.err.count('\n'), 2); // the first says what is being done
    }

    void aLockThatAnotherProgramHoldsIsWaitedFor()
    {
        m_checkout->write("bin/apt-get",
                          keeping("[[ $* == *update && ! -e $LOGS/sleep ]] || exit 0\n"
                                  "echo 'E: Could not get lock /var/lib/apt/lists/lock.'\n"
                                  "exit 100\n"));
        const Ended ended = install();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(calls("sleep"), QStringList{QStringLiteral("5")});
        QCOMPARE(calls("apt-get").size(), 3);
    }

    void whatAptCannotInstallIsToldWithItsOwnWords()
    {
        m_checkout->write("bin/apt-get", keeping("[[ $* != *install* ]] || { echo 'E: Unable to "
                                                 "correct problems'; exit 100; }\n"));
        const Ended ended = install();
        refused(ended, "apt could not install the packages; its last lines above say why. The "
                       "command was: apt-get install --no-install-recommends ninja-build "
                       "qt6-base-dev");
        QVERIFY2(ended.err.contains("E: Unable to correct problems\n"), ended.err.constData());
    }

    void anInstallationThatWasCutShortIsFinishedFirst()
    {
        m_checkout->write("bin/dpkg", keeping("echo 'dpkg: error'\nexit 1\n"));
        const Ended ended = install();
        refused(ended, "dpkg has unfinished work that it cannot finish; run 'dpkg --configure -a' "
                       "as root and see what it says.");
        QVERIFY2(ended.err.contains("dpkg: error\n"), ended.err.constData());
        QCOMPARE(calls("apt-get").size(), 1); // the lists alone
    }

    void tooLittleRoomIsToldBeforeAnythingIsDone()
    {
        m_checkout->remove("bin/df");
        m_checkout->write("bin/df", "#!/bin/bash\nprintf 'a\\nb 1 1 10 1%% /\\n'\n");
        const Ended ended = install();
        refused(ended, "There is too little disk space for 2 packages: /usr has 10 MB free and 560 "
                       "MB are needed.");
        QCOMPARE(calls("apt-get"), QStringList());
    }
};

QTEST_GUILESS_MAIN(SetupTest)
#include "setuptest.moc"
