#include "crash/weather/build/buildscene.h"

#include "app/sandbox/world/story.h"
#include "support/places.h"

#include <QFile>

namespace pilothouse {
namespace {

const QString released = QStringLiteral("9f3c2a1");
const QString storagePath = QStringLiteral("/storage");
constexpr int pastBuilds = 2;

/// The product's scenario, but each build waits for a person.
const std::shared_ptr<const sandbox::Scenario> &withApproval()
{
    static const auto loaded = [] {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/scenarios/good-then-bad.yaml"));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no scenario");
        QByteArray text = file.readAll();
        text.replace("build: true,", "build: true, gate: true, environment: build,");
        auto scenario = sandbox::Scenario::parse(text, file.fileName());
        if (!scenario)
            qFatal("%s", qPrintable(scenario.error().message));
        return std::make_shared<const sandbox::Scenario>(std::move(*scenario));
    }();
    return loaded;
}

} // namespace

BuildScene::BuildScene()
    : m_world(withApproval(), {}, sandbox::madeUpCommits(*withApproval())), m_cloudBuild(m_world)
{
    m_world.story().noteWindowOpened();
    for (int second = 1; sandbox::handedBuilds(m_world).size() <= pastBuilds; ++second) {
        if (second > 90)
            qFatal("no build waits");
        m_world.moveTo(second);
    }
    m_build = sandbox::handedBuilds(m_world).first().id;
    auto listening = sandbox::Server::listen(
        0, [this](const sandbox::ExchangePtr &exchange) { answer(exchange); });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_server = std::move(*listening);
    QObject::connect(&m_time, &QTimer::timeout, &m_world,
                     [this] { m_world.moveTo(m_world.second() + 1); });
    m_time.start(20);
}

BuildScene::~BuildScene()
{
    m_server.reset();
}

QUrl BuildScene::urlOf(const QString &path) const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()) + path);
}

QString BuildScene::commit() const
{
    return m_world.commit(released);
}

QString BuildScene::pastBuild() const
{
    return sandbox::handedBuilds(m_world).last().id;
}

sandbox::HandedBuild BuildScene::handed() const
{
    for (const sandbox::HandedBuild &each : sandbox::handedBuilds(m_world)) {
        if (each.id == m_build)
            return each;
    }
    qFatal("the build is gone");
}

bool BuildScene::isApproved() const
{
    return handed().job->approved;
}

QByteArrayList BuildScene::log() const
{
    QByteArrayList lines = sandbox::buildLog(m_world, handed()).split('\n');
    lines.removeLast(); // nothing stands behind the last end of a line
    return lines;
}

void BuildScene::answer(const sandbox::ExchangePtr &exchange)
{
    const sandbox::Request &request = exchange->request;
    const bool stored = request.path.startsWith(storagePath);
    if (request.header("authorization") != "Bearer " + (stored ? storageToken() : apiToken()))
        m_stray = request.path;
    if (request.path.endsWith(QLatin1String(":approve")))
        ++m_approvalsAsked;
    if (stored)
        m_cloudBuild.answerStorage(exchange, request.path.mid(storagePath.size()));
    else
        m_cloudBuild.answer(exchange, request.path.mid(api().path().size()));
}

} // namespace pilothouse
