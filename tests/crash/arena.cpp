#include "crash/arena.h"

#include <QTest>

namespace pilothouse {
namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
constexpr int acceptedWithin = 20'000;

} // namespace

void Arena::begin(int weight)
{
    QCOMPARE(world().reset(weight), QString());
    // The Gateway takes its time; a console would see the weight as not accepted yet.
    QTRY_VERIFY_WITH_TIMEOUT(CanaryWorld::isAccepted(world().route()), acceptedWithin);
}

QString Arena::kubeconfig(const QString &folder, const QUrl &address) const
{
    const QString path = folder + QStringLiteral("/kubeconfig");
    QFile file(path);
    const QByteArray text = "apiVersion: v1\nkind: Config\ncurrent-context: arena\n"
                            "clusters:\n- name: arena\n  cluster: {server: '"
                            + address.toEncoded() + "'}\nusers:\n- name: console\n  user: {token: '"
                            + token()
                            + "'}\ncontexts:\n- name: arena\n"
                              "  context: {cluster: arena, user: console, namespace: production}\n";
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? path : QString();
}

QString RealArena::open()
{
    if (!m_server.start())
        return m_server.why();
    const QString made = world().make();
    m_gateway = std::make_unique<GatewayStandIn>(ask());
    return made;
}

QString RehearsalArena::open()
{
    m_server = std::make_unique<RehearsalServer>(
        atTenPerCent, QStringList{QStringLiteral("--speed"), QStringLiteral("10")});
    const auto context = m_server->context();
    if (!context)
        return m_server->complaint + context.error().message;
    m_url = context->server;
    m_token = context->token.expose();
    m_ask = std::make_unique<KubeAsk>(m_url, QSslConfiguration(), m_token);
    return {};
}

} // namespace pilothouse
