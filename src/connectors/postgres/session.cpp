#include "connectors/postgres/session.h"

namespace pilothouse {

namespace {

constexpr int looksInAPatience = 8;

} // namespace

Session::Session(const PostgresSettings &settings, const QString &role)
    : m_connection(std::make_shared<Connection>(settings, role)),
      m_context(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("postgres ") + role);
    m_context->moveToThread(&m_thread);
    m_thread.start();
    QObject::connect(&m_silenceLook, &QTimer::timeout, &m_silenceLook,
                     [connection = m_connection.get()] { connection->cutIfSilent(); });
    m_silenceLook.start(settings.patience / looksInAPatience);
}

Session::~Session()
{
    m_silenceLook.stop();
    m_connection->cut();
    // The connection has to be closed in the thread that opened it, after the job under way.
    QMetaObject::invokeMethod(
        m_context.get(),
        [this] {
            m_connection.reset();
            m_thread.quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

} // namespace pilothouse
