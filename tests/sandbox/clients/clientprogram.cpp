#include "clientprogram.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>

namespace pilothouse {

namespace {

constexpr int patience = 30'000; // ms

} // namespace

ClientProgram::ClientProgram(QString path)
    : m_path(std::move(path)), m_home(std::make_unique<QTemporaryDir>())
{
    m_environment.insert(QStringLiteral("HOME"), home());
    m_environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
    m_environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    m_environment.insert(QStringLiteral("NO_COLOR"), QStringLiteral("1"));
}

QString ClientProgram::part(const QString &below)
{
    const QString path = qEnvironmentVariable("PILOTHOUSE_PARTS") + QLatin1Char('/') + below;
    return QFileInfo::exists(path) ? path : QString();
}

QStringList ClientProgram::words(const QString &line)
{
    static const QRegularExpression word(QStringLiteral("'([^']*)'|(\\S+)"));
    QStringList all;
    for (auto it = word.globalMatch(line); it.hasNext();) {
        const auto match = it.next();
        all.append(match.captured(1) + match.captured(2));
    }
    return all;
}

void ClientProgram::setEnvironment(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

ClientProgram::Output ClientProgram::run(const QStringList &arguments, const QByteArray &input)
{
    ++m_runs;
    const auto process = begin(arguments);
    process->write(input);
    process->closeWriteChannel();
    if (!QTest::qWaitFor([&] { return process->state() == QProcess::NotRunning; }, patience))
        return {-1, {}, QStringLiteral("it did not end")};
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1,
            QString::fromUtf8(process->readAllStandardOutput()),
            QString::fromUtf8(process->readAllStandardError())};
}

std::unique_ptr<QProcess> ClientProgram::begin(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    process->setWorkingDirectory(home());
    process->start(m_path, arguments);
    return process;
}

} // namespace pilothouse
