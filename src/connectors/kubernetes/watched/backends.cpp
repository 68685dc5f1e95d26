#include "connectors/kubernetes/watched/backends.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

const QString templateHashLabel = QStringLiteral("pod-template-hash");

QString onlyOf(const QSet<QString> &values)
{
    return values.size() == 1 ? *values.cbegin() : QString();
}

} // namespace

void RunningCode::add(const CommitFrom &from, const QString &image, const QString &digest,
                      const Labels &labels)
{
    images.insert(image);
    templates.insert(labels.value(templateHashLabel));
    if (!digest.isEmpty())
        digests.insert(digest);
    const QString tells
        = from.kind == CommitFrom::Kind::ImageTag ? image : labels.value(from.label);
    if (told.contains(tells))
        return;
    told.insert(tells);
    commits.insert(commitOf(from, image, labels).value);
}

bool RunningCode::isMixed() const
{
    return images.size() > 1 || digests.size() > 1 || commits.size() > 1;
}

void RunningCode::tell(RevisionState &revision) const
{
    revision.mixed = isMixed();
    if (!revision.mixed) {
        revision.commit = CommitId(onlyOf(commits));
        revision.imageDigest = onlyOf(digests);
        revision.podTemplate = onlyOf(templates);
    }
}

void PodCount::add(const KubePod &pod)
{
    m_revision.readyReplicas += pod.ready ? 1 : 0;
    m_revision.restarts = m_revision.restarts.value_or(0) + pod.restarts;
    m_revision.pods << pod.name;
    if (pod.createdAt.isValid()
        && (!m_revision.upSince.isValid() || pod.createdAt > m_revision.upSince))
        m_revision.upSince = pod.createdAt;
    if (m_read.contains(pod.make.get()))
        return;
    m_read.insert(pod.make.get());
    m_code.add(m_from, pod.make->image, pod.make->imageDigest, pod.make->labels);
}

RevisionState revisionBehind(const Backends &backends, const CommitFrom &commitFrom,
                             const QString &service, const Labels &subset)
{
    RevisionState revision;
    revision.name = RevisionName(service);
    Labels selector = backends.services.value(service).selector;
    if (!selector.isEmpty()) {
        for (auto it = subset.cbegin(); it != subset.cend(); ++it)
            selector.insert(it.key(), it.value());
    }
    RunningCode code;
    PodCount count(revision, code, commitFrom);
    QHash<const PodMake *, bool> selected;
    for (const KubePod &pod : backends.pods) {
        auto known = selected.constFind(pod.make.get());
        if (known == selected.cend())
            known = selected.insert(pod.make.get(), selects(selector, pod.make->labels));
        if (*known && !pod.terminating && !pod.finished)
            count.add(pod);
    }
    for (const KubeDeployment &deployment : backends.deployments) {
        if (!selects(selector, deployment.templateLabels))
            continue;
        revision.wantedReplicas += deployment.replicas;
        if (revision.pods.isEmpty() && deployment.replicas > 0)
            code.add(commitFrom, deployment.image, {}, deployment.templateLabels);
    }
    revision.wantedReplicas = std::max(revision.wantedReplicas, int(revision.pods.size()));
    code.tell(revision);
    return revision;
}

bool isSameCode(const RevisionState &a, const RevisionState &b)
{
    if (a.mixed || b.mixed)
        return false;
    if (!a.commit.value.isEmpty() || !b.commit.value.isEmpty())
        return a.commit == b.commit;
    return !a.imageDigest.isEmpty() && a.imageDigest == b.imageDigest;
}

void demandPods(RevisionState &stable, QStringList &problems)
{
    if (stable.wantedReplicas > 0)
        return;
    stable.wantedReplicas = 1;
    problems << Words::tr("no Pod stands behind “%1”").arg(stable.name.value);
}

} // namespace pilothouse
