#include "crash/weather/disturbedclient.h"

#include <QElapsedTimer>
#include <QTimer>

namespace pilothouse {
namespace {

/// Not as soon as time runs, since a busy machine is slow in earnest.
constexpr std::chrono::milliseconds silent{833};
/// A trickle takes thirty times as long.
constexpr std::chrono::milliseconds trickled{167};

struct Broken
{
    QString what;
};

/// How late the event loop of this thread comes to what is due, while this is there.
class Lateness final
{
public:
    Lateness()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.start(every);
        m_since.start();
    }

    /// At most, so far.
    [[nodiscard]] std::chrono::milliseconds longest()
    {
        look(); // what ends a pass may have been the longest
        return m_longest;
    }

private:
    void look()
    {
        m_longest = std::max(m_longest, std::chrono::milliseconds(m_since.restart()) - every);
    }

    static constexpr std::chrono::milliseconds every{50};
    QTimer m_timer;
    QElapsedTimer m_since;
    std::chrono::milliseconds m_longest{0};
};

int soonerFor(std::chrono::milliseconds patience, const Disturbance &disturbance)
{
    const bool trickles = disturbance.fault && disturbance.fault->kind == Fault::Kind::Trickle;
    return int(patience / (trickles ? trickled : silent));
}

QUrl withPath(QUrl url, const QString &path)
{
    url.setPath(path);
    return url;
}

} // namespace

void demand(bool holds, const QString &what)
{
    if (!holds)
        throw Broken{what};
}

QString brokenBy(const std::function<void()> &steps)
{
    try {
        steps();
    } catch (const Broken &broken) {
        return broken.what;
    }
    return {};
}

DisturbedClient::DisturbedClient(const Place &place, FaultyServer::Speaks speaks,
                                 const Disturbance &disturbance)
    : m_disturbance(disturbance), m_sooner(soonerFor(place.patience, disturbance)),
      m_patience(place.patience / m_sooner),
      m_server(place.upstream, speaks, disturbance, m_patience),
      m_url(withPath(m_server.url(), place.upstream.path())), m_login(place.login),
      m_credential({place.token}),
      m_network(settings(place.system), m_login ? m_login->credential() : m_credential, m_clock),
      m_http(m_network, m_sooner)
{}

FaultyServer &DisturbedClient::addSecond(const QUrl &upstream)
{
    m_second = std::make_unique<FaultyServer>(upstream, FaultyServer::Speaks::Http, m_disturbance,
                                              m_patience);
    return *m_second;
}

void DisturbedClient::before(const QString &step)
{
    if (m_login)
        m_login->before(step);
}

bool DisturbedClient::hasStruck() const
{
    return m_server.hasStruck() || (m_second && m_second->hasStruck())
           || (m_login && m_login->hasStruck());
}

bool DisturbedClient::isWell() const
{
    return m_server.isWell() && (!m_second || m_second->isWell())
           && (!m_login || m_login->isWell());
}

NetworkHttp::Settings DisturbedClient::settings(const QString &system) const
{
    NetworkHttp::Settings settings;
    settings.systemName = system;
    settings.base = m_url;
    settings.tls.caPem = FaultyServer::authority();
    settings.tls.serverName = FaultyServer::serverName();
    settings.backoff = std::chrono::milliseconds(5);
    return settings;
}

PassResult DisturbedClient::run(const std::function<void()> &steps,
                                const std::function<QString()> &told)
{
    PassResult result;
    Lateness lateness;
    result.failure = brokenBy(steps);
    result.stood = lateness.longest();
    if (!result.failure.isEmpty())
        result.failure += told();
    result.calls = m_server.calls();
    result.connections = m_server.connections();
    result.struck = hasStruck();
    if (m_second)
        result.calls += m_second->calls();
    return result;
}

} // namespace pilothouse
