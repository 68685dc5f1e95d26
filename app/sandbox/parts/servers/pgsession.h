#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QObject>

#include <functional>
#include <memory>

namespace pilothouse::sandbox {

/// One connection to the sandbox's PostgreSQL over asynchronous libpq: nothing here ever blocks.
/// Lives in a thread with an event loop.
class PgSession : public QObject
{
    Q_OBJECT

public:
    using Rows = QList<QByteArrayList>;
    using Answer = std::function<void(const Result<Rows> &)>;

    struct Place
    {
        quint16 port = 0;
        QByteArray database;
        QByteArray user;
        QByteArray application; ///< application_name
    };

    explicit PgSession(QObject *parent = nullptr);
    ~PgSession() override;

    /// Begins to connect to 127.0.0.1; `opened` or `lost` follows. A session that is open is closed
    /// before.
    void open(const Place &place);
    void close();
    [[nodiscard]] bool isOpen() const;
    /// Open, and no statement is under way or waits.
    [[nodiscard]] bool isIdle() const;

    /// Sends statements (several may stand in one text, with a transaction around them); the answer
    /// holds the rows of the last one. Asked in between, they go out in order. An SQL error is an
    /// Error with kind Refused, the server's sentence as its message and the SQLSTATE as its
    /// detail. After close() or a loss no answer comes.
    void ask(const QByteArray &sql, Answer answer = {});

Q_SIGNALS:
    void opened();
    /// The connection did not come about, or ended though close() was not called. isOpen() is
    /// false; open() may be called again.
    void lost(const pilothouse::Error &error);

private:
    void connectFurther();
    void readAnswers();
    void sendNext();
    void giveUp(const Error &error);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse::sandbox
