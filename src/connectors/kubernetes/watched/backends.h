#pragma once

#include "connectors/kubernetes/kubernetesobjects.h"
#include "rollout/commitfrom.h"
#include "rollout/trafficcontrol.h"

#include <QMap>
#include <QSet>

namespace pilothouse {

/// What stands behind the Services of a namespace, by name.
struct Backends
{
    QMap<QString, KubeService> services;
    QMap<QString, KubeDeployment> deployments;
    QMap<QString, KubePod> pods;
};

/// What of several pods or templates is one and the same.
struct RunningCode
{
    QSet<QString> images;
    QSet<QString> digests;
    QSet<QString> commits;
    QSet<QString> templates; ///< hashes of the Pod templates
    QSet<QString> told;      ///< what the commits were read from: thousands of pods tell the same

    void add(const CommitFrom &from, const QString &image, const QString &digest,
             const Labels &labels);
    [[nodiscard]] bool isMixed() const;
    /// Says in `revision` whether it is mixed and, if not, its commit and digest.
    void tell(RevisionState &revision) const;
};

/// Counts pods together, as long as they are those of one revision. Of each make the code is read
/// once.
class PodCount
{
public:
    PodCount(RevisionState &revision, RunningCode &code, const CommitFrom &from)
        : m_revision(revision), m_code(code), m_from(from)
    {}

    void add(const KubePod &pod);

private:
    RevisionState &m_revision;
    RunningCode &m_code;
    const CommitFrom &m_from;
    QSet<const PodMake *> m_read;
};

/// The Pods behind a Service, told by its selector and, with a subset, by those labels too: what
/// gets the traffic is what counts. Where there is none yet, the template that is to make them.
[[nodiscard]] RevisionState revisionBehind(const Backends &backends, const CommitFrom &commitFrom,
                                           const QString &service, const Labels &subset = {});

/// The same commit or, where neither is known, the same image; never if one of them is mixed.
[[nodiscard]] bool isSameCode(const RevisionState &a, const RevisionState &b);

/// Makes a stable without any Pod count as one that is not ready, and says so: 0 wanted would mean
/// that it scales from nothing by itself, which a Service does not.
void demandPods(RevisionState &stable, QStringList &problems);

} // namespace pilothouse
