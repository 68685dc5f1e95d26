#include "crash/weather/fetch/fetchscene.h"

namespace pilothouse {
namespace {

KnownAnswers &answers()
{
    static KnownAnswers ofAllPasses; // the same commits in each
    return ofAllPasses;
}

} // namespace

FetchScene::FetchScene()
    : m_host(path("host")), m_clone(path("clone")), m_git(m_folder.path(), token())
{
    const NewCommit first{.files = {{"a", "1"}}, .message = "start"};
    m_start = m_tip = m_host.commit(first);
    m_clone.commit(first);
    m_host.setReference("refs/heads/main", m_start);
    m_clone.setReference("refs/remotes/origin/main", m_start);
}

void FetchScene::setOrigin(const QUrl &host)
{
    m_clone.setOrigin(host.toString() + QStringLiteral("/host"));
}

GitLocation FetchScene::location() const
{
    return {path("clone"), path("mirror")};
}

CommitId FetchScene::push()
{
    // More than a packet: it can be cut in the middle.
    QByteArray content;
    for (int line = 0; line < 5'000; ++line)
        content += QByteArray::number((line + m_pushes) * 2'654'435'761ULL, 36) + '\n';
    const QByteArray message = "push " + QByteArray::number(++m_pushes);
    m_tip = m_host.commit({.files = {{"a", content}}, .parents = {m_tip}, .message = message});
    m_host.setReference("refs/heads/main", m_tip);
    m_git.know(answers(), message);
    return m_tip;
}

} // namespace pilothouse
