#include "app/sandbox/parts/servers/pgsession.h"

#include <QQueue>
#include <QSocketNotifier>

#include <libpq-fe.h>

#include <utility>

namespace pilothouse::sandbox {

struct PgSession::Private
{
    struct Question
    {
        QByteArray sql;
        Answer answer;
    };

    PGconn *connection = nullptr;
    bool open = false;
    QSocketNotifier *notifier = nullptr;
    QQueue<Question> questions; ///< the first one is under way while `asked`
    bool asked = false;
    Result<Rows> result;

    void drop()
    {
        unwatch();
        if (connection)
            PQfinish(connection);
        connection = nullptr;
        open = false;
        asked = false;
        questions.clear();
    }

    void unwatch()
    {
        if (!notifier)
            return;
        notifier->setEnabled(false);
        notifier->deleteLater(); // it may be the sender of the call that we are in
        notifier = nullptr;
    }

    /// A new notifier each time: libpq may have changed the socket.
    template <typename Method>
    void watch(PgSession *session, QSocketNotifier::Type type, Method method)
    {
        unwatch();
        notifier = new QSocketNotifier(PQsocket(connection), type, session);
        QObject::connect(notifier, &QSocketNotifier::activated, session, method);
    }
};

namespace {

void ignoreNotice(void *, const char *) {}

Error connectionError(PGconn *connection)
{
    return {
        ErrorKind::Unavailable, QString::fromUtf8(PQerrorMessage(connection)).trimmed(), {}, {}};
}

PgSession::Rows rowsOf(const PGresult *result)
{
    PgSession::Rows rows;
    for (int row = 0; row < PQntuples(result); ++row) {
        QByteArrayList values;
        for (int column = 0; column < PQnfields(result); ++column)
            values << QByteArray(PQgetvalue(result, row, column), PQgetlength(result, row, column));
        rows << values;
    }
    return rows;
}

Result<PgSession::Rows> answerOf(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
        return fail(ErrorKind::Refused,
                    QString::fromUtf8(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)),
                    QString::fromLatin1(PQresultErrorField(result, PG_DIAG_SQLSTATE)));
    return rowsOf(result);
}

} // namespace

PgSession::PgSession(QObject *parent) : QObject(parent), d(std::make_unique<Private>()) {}

PgSession::~PgSession()
{
    d->drop();
}

bool PgSession::isOpen() const
{
    return d->open;
}

bool PgSession::isIdle() const
{
    return d->open && !d->asked && d->questions.isEmpty();
}

void PgSession::close()
{
    d->drop();
}

void PgSession::open(const Place &place)
{
    d->drop();
    const QByteArray port = QByteArray::number(place.port);
    const char *const keys[] = {"hostaddr",         "port",    "dbname",     "user",
                                "application_name", "sslmode", "gssencmode", nullptr};
    const char *const values[] = {"127.0.0.1",
                                  port.constData(),
                                  place.database.constData(),
                                  place.user.constData(),
                                  place.application.constData(),
                                  "disable",
                                  "disable",
                                  nullptr};
    d->connection = PQconnectStartParams(keys, values, 0);
    if (d->connection && PQstatus(d->connection) != CONNECTION_BAD) {
        PQsetNoticeProcessor(d->connection, ignoreNotice, nullptr);
        d->watch(this, QSocketNotifier::Write, &PgSession::connectFurther);
        return;
    }
    const Error error = d->connection ? connectionError(d->connection)
                                      : Error{ErrorKind::Internal, tr("Out of memory."), {}, {}};
    d->drop();
    // Never from within open(): whoever opens may not be ready for it yet.
    QMetaObject::invokeMethod(
        this, [this, error] { Q_EMIT lost(error); }, Qt::QueuedConnection);
}

void PgSession::giveUp(const Error &error)
{
    d->drop();
    Q_EMIT lost(error);
}

void PgSession::connectFurther()
{
    switch (PQconnectPoll(d->connection)) {
    case PGRES_POLLING_READING:
        d->watch(this, QSocketNotifier::Read, &PgSession::connectFurther);
        return;
    case PGRES_POLLING_OK:
        d->watch(this, QSocketNotifier::Read, &PgSession::readAnswers);
        d->open = true;
        sendNext();
        Q_EMIT opened();
        return;
    case PGRES_POLLING_FAILED:
        giveUp(connectionError(d->connection));
        return;
    default:
        d->watch(this, QSocketNotifier::Write, &PgSession::connectFurther);
        return;
    }
}

void PgSession::readAnswers()
{
    if (!PQconsumeInput(d->connection)) {
        giveUp(connectionError(d->connection));
        return;
    }
    PGconn *const connection = d->connection;
    // An answer may close or reopen this session: then the rest is none of ours.
    while (d->connection == connection && d->asked && !PQisBusy(connection)) {
        if (PGresult *raw = PQgetResult(connection)) {
            // After an error the server skips the rest of the text: the error is the answer.
            if (d->result)
                d->result = answerOf(raw);
            PQclear(raw);
            continue;
        }
        if (PQstatus(connection) == CONNECTION_BAD) {
            giveUp(connectionError(connection));
            return;
        }
        const Private::Question done = d->questions.dequeue();
        const Result<Rows> result = std::exchange(d->result, Rows{});
        d->asked = false;
        if (done.answer)
            done.answer(result);
        if (d->connection == connection)
            sendNext();
    }
}

void PgSession::sendNext()
{
    if (!d->open || d->asked || d->questions.isEmpty())
        return;
    d->asked = true;
    d->result = Rows{};
    // A failure to send shows up as an end of input.
    PQsendQuery(d->connection, d->questions.head().sql.constData());
}

void PgSession::ask(const QByteArray &sql, Answer answer)
{
    d->questions.enqueue({sql, std::move(answer)});
    sendNext();
}

} // namespace pilothouse::sandbox
