#include "packaging/stubs.h"

#include <QTest>

#include <csignal>
#include <unistd.h>

namespace {

constexpr int patienceMilliseconds = 20'000;

/// One that has ended and that nobody has waited for yet runs no more.
bool isRunning(int pid)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return false;
    const QByteArray line = stat.readAll();
    return line.at(line.lastIndexOf(')') + 2) != 'Z';
}

} // namespace

/// The sandbox and the console as packaging/run starts them: neither outlives the other, nor the
/// script.
class RehearsalTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<BuiltCheckout> m_checkout;
    std::unique_ptr<QProcess> m_script;

    [[nodiscard]] std::unique_ptr<QProcess> start() const
    {
        auto script = std::make_unique<QProcess>();
        // What a terminal gives Ctrl-C to.
        script->setChildProcessModifier([] { ::setpgid(0, 0); });
        m_checkout->start(*script, m_checkout->script(), {});
        return script;
    }
    [[nodiscard]] int pidOf(const char *program) const
    {
        return m_checkout->read((QByteArray(program) + ".pid").constData()).toInt();
    }
    [[nodiscard]] int console() const { return pidOf(BuiltCheckout::console); }
    [[nodiscard]] int sandbox() const { return pidOf(BuiltCheckout::sandbox); }
    void end(const char *program, const QByteArray &code) const
    {
        // There at once, with what stands in it.
        m_checkout->write("code", code);
        QVERIFY(QFile::rename(m_checkout->path("code"),
                              m_checkout->path((QByteArray(program) + ".end").constData())));
    }
    [[nodiscard]] QStringList folders() const
    {
        return QDir(m_checkout->path("tmp"))
            .entryList({QStringLiteral("pilothouse-rehearsal.*")}, QDir::Dirs);
    }
    /// All that the script says is left in the process.
    [[nodiscard]] int codeOf(QProcess &script) const
    {
        return script.waitForFinished(patienceMilliseconds)
                       && script.exitStatus() == QProcess::NormalExit
                   ? script.exitCode()
                   : -1;
    }
    void nothingIsLeft() const
    {
        QVERIFY(!isRunning(console()));
        QVERIFY(!isRunning(sandbox()));
        QCOMPARE(folders(), QStringList());
    }

private Q_SLOTS:
    void init()
    {
        m_checkout = std::make_unique<BuiltCheckout>();
        m_script = start();
        QTRY_VERIFY_WITH_TIMEOUT(console() > 0 && sandbox() > 0, patienceMilliseconds);
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(console()) && isRunning(sandbox()),
                                 patienceMilliseconds);
        QCOMPARE(folders().size(), 1);
    }

    void cleanup()
    {
        m_script->terminate();
        m_script->waitForFinished(patienceMilliseconds);
        m_script.reset();
    }

    void theConsolesEndIsTheRehearsals()
    {
        end(BuiltCheckout::console, "7");
        QCOMPARE(codeOf(*m_script), 7);
        QCOMPARE(m_script->readAllStandardError(), QByteArray());
        nothingIsLeft();
    }

    void aConsoleThatASignalEndsIsToldOf()
    {
        ::kill(console(), SIGKILL);
        QCOMPARE(codeOf(*m_script), 128 + SIGKILL);
        QCOMPARE(m_script->readAllStandardError(),
                 QByteArray("pilothouse: The console was ended by signal 9.\n"));
        nothingIsLeft();
    }

    void aSandboxThatEndsByItselfClosesTheConsole()
    {
        end(BuiltCheckout::sandbox, "3");
        QCOMPARE(codeOf(*m_script), 1);
        QCOMPARE(m_script->readAllStandardError(),
                 QByteArray("the world turns\npilothouse: The rehearsal ended by itself (exit code "
                            "3), so the console was closed; its last lines stand above.\n"));
        nothingIsLeft();
    }

    void whatEndsTheScriptEndsBoth_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("kill") << SIGTERM;
        QTest::newRow("the terminal is closed") << SIGHUP;
    }
    void whatEndsTheScriptEndsBoth()
    {
        QFETCH(int, signal);
        const auto script = pid_t(m_script->processId());
        // The terminal tells the whole group.
        ::kill(signal == SIGTERM ? script : -script, signal);
        QCOMPARE(codeOf(*m_script), 128 + signal);
        QCOMPARE(m_script->readAllStandardError(), QByteArray());
        nothingIsLeft();
    }

    void aScriptThatIsKilledLeavesNothingRunning()
    {
        const int console = this->console();
        const int sandbox = this->sandbox();
        m_script->kill();
        QVERIFY(m_script->waitForFinished(patienceMilliseconds));
        QTRY_VERIFY_WITH_TIMEOUT(!isRunning(console) && !isRunning(sandbox), patienceMilliseconds);
        const QStringList left = folders();
        QCOMPARE(left.size(), 1);

        m_checkout->remove("build/bin/pilothouse.pid");
        m_script = start();
        QTRY_VERIFY_WITH_TIMEOUT(this->console() > 0, patienceMilliseconds);
        QCOMPARE(folders().size(), 1);
        QVERIFY(folders() != left);
    }

    void aSecondRehearsalLeavesTheFirstAlone()
    {
        const int first = sandbox();
        const QString folder = folders().constFirst();
        m_checkout->remove("build/bin/pilothouse.pid");
        const auto second = start();
        QTRY_VERIFY_WITH_TIMEOUT(console() > 0, patienceMilliseconds);
        QVERIFY(isRunning(first));
        QCOMPARE(folders().size(), 2);
        second->terminate();
        QCOMPARE(codeOf(*second), 128 + SIGTERM);
        QVERIFY(isRunning(first));
        QCOMPARE(folders(), QStringList{folder});
    }

    void aSandboxThatSaysNothingStartsNoConsole()
    {
        end(BuiltCheckout::console, "0");
        QCOMPARE(codeOf(*m_script), 0);
        m_checkout->remove("build/bin/pilothouse.pid");
        m_checkout->write(BuiltCheckout::sandbox, "#!/bin/sh\necho 'no room' >&2\n");
        m_script = start();
        QCOMPARE(codeOf(*m_script), 1);
        QCOMPARE(m_script->readAllStandardError(),
                 QByteArray("no room\npilothouse: The rehearsal did not tell its workspace within "
                            "a minute; its last lines, if any, stand above.\n"));
        QVERIFY(!QFile::exists(m_checkout->path("build/bin/pilothouse.pid")));
        QCOMPARE(folders(), QStringList());
    }

    void ctrlCEndsASandboxThatIsNotReadyYet()
    {
        end(BuiltCheckout::console, "0");
        QCOMPARE(codeOf(*m_script), 0);
        m_checkout->remove("build/bin/pilothouse-sandbox.pid");
        m_checkout->write(BuiltCheckout::sandbox, waiting(""));
        m_script = start();
        QTRY_VERIFY_WITH_TIMEOUT(sandbox() > 0, patienceMilliseconds);
        ::kill(-pid_t(m_script->processId()), SIGINT);
        QCOMPARE(codeOf(*m_script), 128 + SIGINT);
        nothingIsLeft();
    }
};

QTEST_GUILESS_MAIN(RehearsalTest)
#include "rehearsaltest.moc"
