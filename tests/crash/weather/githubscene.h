#pragma once

#include "app/sandbox/github/githubserver.h"
#include "app/sandbox/http/server.h"
#include "sandbox/sandboxworld.h"

#include <QUrl>

#include <memory>

namespace pilothouse {

/// The rehearsal's GitHub in this process, as it is at one beat of the story; its time stands still
/// unless somebody moves it. One for each pass, in the thread of the pass.
class GithubScene final
{
public:
    /// `beat` counts from 1.
    explicit GithubScene(int beat);
    ~GithubScene();

    /// What a client takes for the API's base.
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] sandbox::World &world() { return m_world; }
    [[nodiscard]] const sandbox::World &world() const { return m_world; }

private:
    sandbox::World m_world;
    std::unique_ptr<sandbox::GithubServer> m_github;
    std::unique_ptr<sandbox::Server> m_server;
};

} // namespace pilothouse
