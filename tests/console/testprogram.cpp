#include "support/places.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

namespace {

const auto program = QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse");
constexpr int patienceMilliseconds = 30'000;

void write(const QString &file, const QByteArray &text)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(text) == text.size());
}

/// The program, started with what it says about its first paint, in a home of its own.
class Program final
{
public:
    Program(const QString &home, const QStringList &arguments, const QString &file = program)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *place : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
            environment.insert(QString::fromLatin1(place), home);
        environment.insert(QStringLiteral("TMPDIR"), home);
        environment.insert(QStringLiteral("QT_LOGGING_RULES"),
                           QStringLiteral("pilothouse.start=true"));
        environment.insert(QStringLiteral("QT_PLUGIN_PATH"), QStringLiteral(KEYS_FOLDER));
        environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"), QStringLiteral("keys"));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(file, arguments);
    }

    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    bool says(const QByteArray &words)
    {
        QElapsedTimer timer;
        timer.start();
        while (!m_said.contains(words) && timer.elapsed() < patienceMilliseconds) {
            if (m_process.state() == QProcess::NotRunning && m_process.bytesAvailable() == 0)
                break;
            m_process.waitForReadyRead(200);
            m_said += m_process.readAll();
        }
        return m_said.contains(words);
    }

    /// Its exit code; -1 = it did not end by itself.
    int end()
    {
        if (!m_process.waitForFinished(patienceMilliseconds))
            return -1;
        m_said += m_process.readAll();
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    /// What a person reads there, once something is.
    QByteArray textOf(const QByteArray &name)
    {
        QElapsedTimer timer;
        timer.start();
        QByteArray text;
        while (text.isEmpty() && timer.elapsed() < patienceMilliseconds) {
            m_said.clear();
            m_process.write("text " + name + '\n');
            if (!says("keys: "))
                break;
            while (!m_said.endsWith('\n') && m_process.waitForReadyRead(1000))
                m_said += m_process.readAll();
            text = m_said.mid(m_said.lastIndexOf("keys: ") + 6).trimmed();
        }
        return text;
    }

    void terminate() { ::kill(pid_t(m_process.processId()), SIGTERM); }
    [[nodiscard]] const QByteArray &said() const { return m_said; }

private:
    QProcess m_process;
    QByteArray m_said;
};

} // namespace

/// The program itself, not its library: what is loaded when, and how it ends.
class TestProgram final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        QVERIFY(m_home->isValid());
        m_workspace = m_home->filePath(QStringLiteral("pilothouse.yaml"));
        write(m_workspace, "pilothouse: 1\nname: quiet\nrepository: {path: clone}\n");
    }

    void theFrameIsThereBeforeTheConsoleIsLoaded()
    {
        Program console(m_home->path(), {m_workspace});
        QVERIFY2(console.says("the window is painted"), console.said().constData());
        const auto frame = console.said().indexOf("the frame is painted");
        QVERIFY2(frame >= 0 && frame < console.said().indexOf("the window is painted"),
                 console.said().constData());
        console.terminate();
        QCOMPARE(console.end(), 0);
    }

    void aSecondStartHandsOverAndShowsNoWindow()
    {
        Program first(m_home->path(), {m_workspace});
        QVERIFY2(first.says("the window is painted"), first.said().constData());
        Program second(m_home->path(), {m_workspace});
        QCOMPARE(second.end(), 0);
        QVERIFY2(!second.said().contains("is painted"), second.said().constData());
        first.terminate();
        QCOMPARE(first.end(), 0);
    }

    void aCrashedConsoleKeepsNobodyOut()
    {
        {
            Program crashed(m_home->path(), {m_workspace});
            QVERIFY2(crashed.says("the window is painted"), crashed.said().constData());
        } // killed
        Program next(m_home->path(), {m_workspace});
        QVERIFY2(next.says("the window is painted"), next.said().constData());
        next.terminate();
        QCOMPARE(next.end(), 0);
    }

    void aWrongWorkspaceGetsThePageThatSaysWhatIsWrong()
    {
        write(m_workspace, "pilothouse: 1\nname: quiet\nrepositori: {path: clone}\n");
        Program console(m_home->path(), {m_workspace});
        QVERIFY2(console.says("the mistakes are painted"), console.said().constData());
        QVERIFY2(!console.said().contains("the window is painted"), console.said().constData());
        console.terminate();
        QCOMPARE(console.end(), 0);
    }

    void aFileThatIsNotThereGetsThatPageToo()
    {
        Program console(m_home->path(), {m_home->filePath(QStringLiteral("nowhere.yaml"))});
        QVERIFY2(console.says("the mistakes are painted"), console.said().constData());
        QVERIFY2(!console.said().contains("the frame is painted"), console.said().constData());
        console.terminate();
        QCOMPARE(console.end(), 0);
    }

    void whatItMayDoStandsInTheWindow_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("it acts") << QStringList() << QByteArray("can act");
        QTest::newRow("it looks alone")
            << QStringList{QStringLiteral("--read-only")} << QByteArray("read-only");
    }
    void whatItMayDoStandsInTheWindow()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, mode);
        // As packaging/run hands it on: behind the file.
        Program console(m_home->path(), QStringList{m_workspace} + options);
        QVERIFY2(console.says("the window is painted"), console.said().constData());
        QCOMPARE(console.textOf("modeLabel"), mode);
        console.terminate();
        QCOMPARE(console.end(), 0);
    }

    void itsVersionNeedsNoConsole()
    {
        // A copy far from its module still answers.
        const QString copy = m_home->filePath(QStringLiteral("pilothouse"));
        QVERIFY(QFile::copy(program, copy));
        Program alone(m_home->path(), {QStringLiteral("--version")}, copy);
        QCOMPARE(alone.end(), 0);
        QVERIFY2(alone.said().contains("pilothouse 0."), alone.said().constData());
    }

    void aMissingPartIsToldInASentence()
    {
        const QString copy = m_home->filePath(QStringLiteral("pilothouse"));
        QVERIFY(QFile::copy(program, copy));
        Program alone(m_home->path(), {m_workspace}, copy);
        QVERIFY2(alone.says("Install it again."), alone.said().constData());
    }

private:
    std::unique_ptr<QTemporaryDir> m_home;
    QString m_workspace;
};

QTEST_GUILESS_MAIN(TestProgram)
#include "testprogram.moc"
