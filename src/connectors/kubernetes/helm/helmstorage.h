#pragma once

#include "connectors/kubernetes/helm/helmhistory.h"
#include "connectors/kubernetes/kubernetesapi.h"

#include <QObject>

namespace pilothouse {

/// Where the records of a namespace's releases are.
[[nodiscard]] ResourcePath helmSecrets(const QString &nameSpace);

/// Why they cannot be read, with what is lacking if they may not be.
[[nodiscard]] Error historyNotSeen(const Error &error, const char *verb, const QString &nameSpace);

/// Reads one release's history out of the Secrets of its namespace, without the program helm.
///
/// The labels of all revisions come with one request; bodies are asked for only where they are
/// needed (the newest, the deployed, the newest five good ones) and once for each version of a
/// Secret. Of a body only HelmBody is kept. Bodies are decoded in a thread of their own: one can
/// have several MB. GUI thread; api outlives it.
class HelmStorage final : public QObject
{
    Q_OBJECT

public:
    /// How many good revisions are looked at closer.
    static constexpr int closerLook = 5;

    struct Settings
    {
        QString nameSpace;
        QString release;
        QString value; ///< dotted name of the weight
    };
    struct Seen
    {
        HelmHistory history;
        QStringList unreadable; ///< Secrets that are no revisions, a sentence each
        QDateTime serverAt;     ///< UTC
    };

    HelmStorage(KubernetesApi &api, Settings settings, QObject *parent = nullptr);

    /// NotAllowed, with what is lacking, for an account that may not list Secrets. NotFound if no
    /// Secret holds the release: Helm can keep its records elsewhere.
    [[nodiscard]] QFuture<Result<Seen>> read();

    /// What revision `number` rendered. It holds secrets: to be compared and dropped.
    [[nodiscard]] QFuture<Result<QString>> manifest(int number);

private:
    struct KnownBody
    {
        QString resourceVersion;
        HelmBody body;
    };

    [[nodiscard]] QFuture<Result<Seen>> readBodies(const Seen &seen);
    [[nodiscard]] std::optional<HelmRevision> wanted(const HelmHistory &history) const;
    void fill(HelmHistory &history) const;
    [[nodiscard]] QString pathOf(const QString &secret) const;

    KubernetesApi &m_api;
    Settings m_settings;
    QHash<QString, KnownBody> m_bodies; ///< by name of the Secret
};

} // namespace pilothouse
