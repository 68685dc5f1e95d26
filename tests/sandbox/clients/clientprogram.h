#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace pilothouse {

/// A program that somebody else wrote, run as a client. It gets a home of its own, and nothing of
/// the machine's settings.
class ClientProgram
{
public:
    struct Output
    {
        int exitCode = -1; ///< -1 = it did not end within half a minute
        QString out;
        QString error;

        /// What a person sees who calls it.
        [[nodiscard]] QString all() const { return out + error; }
    };

    explicit ClientProgram(QString path);

    /// Below $PILOTHOUSE_PARTS; empty = not there.
    [[nodiscard]] static QString part(const QString &below);

    /// Parts at blanks; 'in quotes' is one.
    [[nodiscard]] static QStringList words(const QString &line);

    void setEnvironment(const QString &name, const QString &value);
    [[nodiscard]] QString home() const { return m_home->path(); }

    /// Runs it to its end while the event loop goes on, for the server may live there.
    [[nodiscard]] Output run(const QStringList &arguments, const QByteArray &input = {});
    /// Leaves it running; it is killed with what is returned.
    [[nodiscard]] std::unique_ptr<QProcess> begin(const QStringList &arguments) const;
    /// How often run() was called.
    [[nodiscard]] int runs() const { return m_runs; }

private:
    QString m_path;
    std::unique_ptr<QTemporaryDir> m_home;
    QProcessEnvironment m_environment;
    int m_runs = 0;
};

} // namespace pilothouse

/// For initTestCase(): without the part the test is skipped, but in CI that is a failure.
#define NEED_PART(path, what)                                                                      \
    do {                                                                                           \
        if ((path).isEmpty() && qgetenv("CI") != "true")                                           \
            QSKIP("there is no " what ": packaging/setup --for-tests fetches it");                 \
        QVERIFY2(!(path).isEmpty(), "there is no " what);                                          \
    } while (false)
