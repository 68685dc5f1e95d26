#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QString>

namespace pilothouse {

/// The rehearsal world as a child process. Ends with this object.
class SandboxProcess final
{
public:
    explicit SandboxProcess(const QString &program);
    ~SandboxProcess();

    /// Starts it and reads its one JSON line; false with `problem()` if none comes in 30 s.
    [[nodiscard]] bool start(const QStringList &arguments);
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] QString address(const QString &key) const
    {
        return m_addresses.value(key).toString();
    }
    /// Makes a server of the rehearsal misbehave: "prometheus=lost", "kubernetes=403"; "" heals
    /// all.
    [[nodiscard]] bool fault(const QString &spec);
    /// The rehearsal's own account of itself, for the record of the tour.
    [[nodiscard]] QJsonObject state();

private:
    [[nodiscard]] QByteArray ask(const char *method, const QString &path, const QByteArray &body);

    QProcess m_process;
    QJsonObject m_addresses;
    QString m_problem;
    QString m_program;
};

} // namespace pilothouse
