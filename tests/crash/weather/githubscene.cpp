#include "crash/weather/githubscene.h"

#include <QTemporaryDir>

namespace pilothouse {
namespace {

const QString base = QStringLiteral("/api/v3");

const sandbox::MadeRepository &repository()
{
    static const QTemporaryDir folder;
    static const auto made = sandbox::makeRepository(folder.path());
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return *made;
}

const std::shared_ptr<const sandbox::Scenario> &scenario()
{
    static const auto loaded = sandbox::goodThenBad();
    return loaded;
}

sandbox::WorldOptions from(int beat)
{
    sandbox::WorldOptions options;
    options.startAt = beat;
    return options;
}

} // namespace

GithubScene::GithubScene(int beat) : m_world(scenario(), from(beat), repository().commits)
{
    auto listening = sandbox::Server::listen(0, [this](const sandbox::ExchangePtr &exchange) {
        m_github->answer(exchange, exchange->request.path.mid(base.size()));
    });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_server = std::move(*listening);
    m_github = std::make_unique<sandbox::GithubServer>(
        m_world, repository(),
        sandbox::GithubServer::Settings{url().toString(), url().toString(), {}});
}

GithubScene::~GithubScene()
{
    m_server.reset(); // what it answers with goes after it
}

QUrl GithubScene::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()) + base);
}

} // namespace pilothouse
