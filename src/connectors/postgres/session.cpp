#include "connectors/postgres/session.h"

#include "base/whendone.h"
#include "base/words.h"
#include "connectors/postgres/passage.h"

#include <utility>

namespace pilothouse {

namespace {

constexpr int looksInAPatience = 8;

} // namespace

Session::Session(const PostgresSettings &settings, const QString &role, Passage *passage)
    : m_passage(passage), m_connection(std::make_shared<Connection>(settings, role)),
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

void Session::onTheWay(Hand hand)
{
    if (!m_passage || (connected() && m_waiting.empty())) {
        hand({});
        return;
    }
    m_waiting.push_back(std::move(hand));
    if (m_waiting.size() > 1)
        return;
    const auto goOn = [this](const Result<void> &way) {
        for (const Hand &each : std::exchange(m_waiting, {}))
            each(way);
    };
    whenDone(m_passage->open(), &m_silenceLook, goOn,
             [goOn] { goOn(fail(ErrorKind::Cancelled, Words::tr("The console is closing."))); });
}

} // namespace pilothouse
