#pragma once

#include "connectors/kubernetes/kubernetesapi.h"

#include <QObject>

#include <memory>
#include <optional>

namespace pilothouse {

/// List, then watch, for ever: one kind of object in one namespace. A connection that breaks is
/// taken up where it was, with back-off; after 410, in either form, and after an event that cannot
/// be read it lists anew. Many events at once are taken in turns, so that the event loop runs in
/// between. GUI thread; api and clock outlive it.
class ObjectWatch final : public QObject
{
    Q_OBJECT

public:
    /// Makes where the objects of a new list go.
    using NewIntake = std::function<ListIntake()>;

    ObjectWatch(KubernetesApi &api, Clock &clock, ResourcePath path, NewIntake newIntake,
                QObject *parent = nullptr);
    ~ObjectWatch() override;

    /// Once.
    void start();
    /// Why the watch is not going; nothing while it goes or is only taken up again in due course.
    [[nodiscard]] const std::optional<Error> &trouble() const { return m_trouble; }

Q_SIGNALS:
    /// A whole list was kept: everything known before is void.
    void listed();
    void changed(const QJsonObject &object);
    void removed(const QString &name);
    /// It is tried again; comes with each try that fails.
    void lost(const pilothouse::Error &error);
    /// The watch goes again after `lost`.
    void resumed();

private:
    void list();
    void watch();
    void began();
    void take(const QByteArray &bytes);
    void takeTurn();
    void goOn();
    void handle(const QByteArray &line);
    void handleError(const QJsonObject &status);
    void end(const Result<void> &outcome);
    void drop();
    void expired();
    void broke(const Error &error);
    void unreadable(const QString &detail);

    KubernetesApi &m_api;
    Clock &m_clock;
    ResourcePath m_path;
    NewIntake m_newIntake;
    QString m_version; ///< empty = a list comes first
    std::unique_ptr<HttpStream> m_stream;
    QByteArray m_buffer;
    enum class Turn { Done, GoesOn } m_turn = Turn::Done; ///< goOn() will be called
    std::optional<Result<void>> m_ended; ///< with events that still wait for their turn
    std::optional<Error> m_trouble;
    std::chrono::milliseconds m_backoff;
    std::chrono::milliseconds m_openedAt{0};                            ///< since boot
    enum class Seen { Nothing, Answer, Events } m_seen = Seen::Nothing; ///< of the present stream
};

} // namespace pilothouse
