#include "packaging/machine.h"

/// packaging/setup and how it installs what is missing, on a machine whose package tools are stubs.
class SetupTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Machine> m_checkout;

    /// Installs what is missing of two packages.
    [[nodiscard]] Ended install() const
    {
        return m_checkout->call("words places packages",
                                "install_packages here ninja-build qt6-base-dev");
    }
    /// The same by a person who sits at a terminal.
    [[nodiscard]] Ended installAtATerminal() const
    {
        m_checkout->write("install", "set -euo pipefail\nfor part in words places packages; do\n"
                                     ". packaging/lib/$part.sh; done\n"
                                     "install_packages here ninja-build qt6-base-dev\n");
        return m_checkout->asAnybody({QStandardPaths::findExecutable(QStringLiteral("script")),
                                      QStringLiteral("-qec"), m_checkout->path("bin/bash install"),
                                      QStringLiteral("/dev/null")});
    }
    [[nodiscard]] QStringList calls(const char *program) const
    {
        return m_checkout->calls(program);
    }

private Q_SLOTS:
    void cleanup() { QCOMPARE(m_checkout->in("tmp"), QStringList()); }

    void init()
    {
        m_checkout = std::make_unique<Machine>();
        m_checkout->write("bin/dpkg-query", "#!/bin/bash\necho 'installed here'\n");
        m_checkout->write("bin/dpkg", keeping("exit 0\n"));
        m_checkout->write("bin/apt-get", keeping("exit 0\n"));
        m_checkout->write(
            "bin/sudo",
            keeping("while [[ ${1-} == -* ]]; do shift; done\n(($#)) || exit 0\nexec \"$@\"\n"));
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

    void aPersonAtATerminalIsAskedBySudoAndByNothingElse()
    {
        const Ended ended = installAtATerminal();
        QVERIFY2(ended.code == 0, ended.out.constData());
        QVERIFY2(
            ended.out.contains("pilothouse: installing with apt: ninja-build qt6-base-dev\r\n"),
            ended.out.constData());
        const QStringList asked = calls("sudo");
        QCOMPARE(asked.value(0), QStringLiteral("-v")); // the password, before anything is done
        QCOMPARE(asked.size(), 4);
        for (const QString &call : asked.mid(1))
            QVERIFY2(call.startsWith(QLatin1String("-- env DEBIAN_FRONTEND=noninteractive ")),
                     qPrintable(call));
        QCOMPARE(calls("apt-get").size(), 2);
    }

    void aPersonAtATerminalWhomSudoRefusesIsToldTheAdministratorsCommand()
    {
        m_checkout->write("bin/sudo", keeping("exit 1\n"));
        const Ended ended = installAtATerminal();
        QCOMPARE(ended.code, 2);
        QCOMPARE(
            ended.out,
            QByteArray("pilothouse: These packages are missing, and installing them needs "
                       "root (sudo is absent, or it refused). Ask an administrator to run: "
                       "apt-get install --no-install-recommends ninja-build qt6-base-dev\r\n"));
        QCOMPARE(calls("sudo"), QStringList{QStringLiteral("-v")});
        QCOMPARE(calls("apt-get"), QStringList());
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
