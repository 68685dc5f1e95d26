#pragma once

#include "app/sandbox/parts/servers/serverplace.h"
#include "base/result.h"

#include <QObject>
#include <QString>

#include <memory>

namespace pilothouse::sandbox {

/// Sees to it that a filled data directory stands in the cache: finds it there, or makes it with
/// initdb and a server of its own, some seconds, on a port that nobody is told: who waits for the
/// rehearsal's database must not meet a half-filled one. Two that make the same at once
/// do not disturb each other.
class PostgresTemplate : public QObject
{
    Q_OBJECT

public:
    explicit PostgresTemplate(ServerPrograms programs, QObject *parent = nullptr);
    ~PostgresTemplate() override;

    /// `made` or `failed` follows once.
    void start();

    /// What every server of the sandbox is started with; nothing here outlives a run, so nothing is
    /// flushed to the disk.
    [[nodiscard]] static QStringList serverArguments(const QString &data, quint16 port);

Q_SIGNALS:
    void made(const QString &folder);
    void failed(const pilothouse::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse::sandbox
