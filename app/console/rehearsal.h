#pragma once

#include "base/result.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

namespace pilothouse {

/// The rehearsal world, begun from the start page: a program beside this one with its own servers,
/// which ends with this object, and its folder with it. GUI thread.
class Rehearsal final : public QObject
{
    Q_OBJECT

public:
    /// `program` is the path of pilothouse-sandbox.
    explicit Rehearsal(const QString &program, QObject *parent = nullptr);
    ~Rehearsal() override;

    /// Once; `ready` or `failed` follows, from the event loop.
    void start();

Q_SIGNALS:
    /// Its world runs; the path of its workspace file.
    void ready(const QString &workspaceFile);
    /// It could not begin, or ended by itself.
    void failed(const pilothouse::Error &error);

private:
    void readLine();
    void fail(const QString &why);

    QString m_program;
    QTemporaryDir m_folder;
    QProcess m_process;
    bool m_settled = false; ///< it is ready, or has failed
};

} // namespace pilothouse
