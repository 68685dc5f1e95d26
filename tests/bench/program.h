#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <QProcessEnvironment>

#include <csignal>

namespace pilothouse::bench {

inline constexpr int patienceMilliseconds = 60'000;

/// A program whose first words are waited for.
class Program final
{
public:
    Program(const QString &program, const QStringList &arguments)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        // packaging/run opens the console where it finds a display; offscreen needs none.
        environment.insert(QStringLiteral("DISPLAY"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("QT_LOGGING_RULES"),
                           QStringLiteral("pilothouse.start=true"));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_timer.start();
        m_process.start(program, arguments);
    }

    ~Program()
    {
        ::kill(pid_t(m_process.processId()), SIGTERM);
        if (!m_process.waitForFinished(patienceMilliseconds))
            qFatal("%s did not end", qPrintable(m_process.program()));
    }

    /// Seconds from its start until it has printed `words`.
    double secondsUntil(const QByteArray &words)
    {
        while (!m_said.contains(words)) {
            if (!m_process.waitForReadyRead(patienceMilliseconds))
                qFatal("%s did not say \"%s\":\n%s", qPrintable(m_process.program()),
                       words.constData(), m_said.constData());
            m_said += m_process.readAll();
        }
        return double(m_timer.nsecsElapsed()) / 1e9;
    }

    [[nodiscard]] const QByteArray &said() const { return m_said; }

private:
    QProcess m_process;
    QElapsedTimer m_timer;
    QByteArray m_said;
};

/// Runs a program until it prints `words`, then ends it. The time is that until the words.
inline double secondsUntil(const QString &program, const QStringList &arguments,
                           const QByteArray &words)
{
    return Program(program, arguments).secondsUntil(words);
}

} // namespace pilothouse::bench
