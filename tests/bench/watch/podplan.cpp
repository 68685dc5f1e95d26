#include "bench/watch/podplan.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace pilothouse::bench {
namespace {

QByteArray number(int value, int digits)
{
    return QByteArray::number(value).rightJustified(digits, '0');
}

QByteArray environment()
{
    QByteArray text;
    for (int i = 0; i < 16; ++i) {
        text += (i > 0 ? "," : "") + QByteArray("{\"name\":\"SETTING_") + number(i, 2)
                + "\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"context-intelligence\","
                  "\"key\":\"setting.number."
                + number(i, 2) + "\"}}}";
    }
    return text;
}

QByteArray condition(const char *type, const char *status)
{
    return QByteArray("{\"type\":\"") + type + "\",\"status\":\"" + status
           + "\",\"lastProbeTime\":null,\"lastTransitionTime\":\"2026-11-24T12:00:05Z\"}";
}

bool isCandidate(int pod)
{
    return pod % 10 == 0;
}

QByteArray imageOf(int pod)
{
    return "registry.test/context-intelligence:" + QByteArray(40, isCandidate(pod) ? 'b' : 'a');
}

} // namespace

PodPlan::PodPlan(int pods, int changes) : m_pods(pods)
{
    // Of ten changes six make ready, two are of one that goes and two of one that comes.
    const int come = changes / 10;
    m_fates.fill(Fate::Stays, pods);
    std::mt19937_64 random(20'261'124);
    QList<int> order(pods);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    for (int i = 0; i < std::min(changes - 3 * come, pods); ++i)
        m_fates[order[i]] = i % 7 == 0 ? Fate::Goes : Fate::BecomesReady;
    m_fates.resize(pods + come, Fate::Comes);
    for (int i = 0; i < m_fates.size(); ++i) {
        if (m_fates[i] != Fate::Stays)
            m_order.append(i);
    }
    std::shuffle(m_order.begin(), m_order.end(), random);
}

QString PodPlan::nameOf(int pod)
{
    return serviceOf(pod) + QStringLiteral("-7d9c5b8f6d-") + QString::number(pod + 100'000, 36);
}

QString PodPlan::serviceOf(int pod)
{
    return isCandidate(pod) ? candidate() : stable();
}

QByteArray PodPlan::manifest(int pod)
{
    const QByteArray track = isCandidate(pod) ? "canary" : "stable";
    return "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\""
           + nameOf(pod).toLatin1()
           + "\",\"generateName\":\"context-intelligence-7d9c5b8f6d-\",\"labels\":{\"app\":"
             "\"context-intelligence\",\"track\":\""
           + track
           + "\",\"pod-template-hash\":\"7d9c5b8f6d\",\"team\":\"search\",\"tier\":\"backend\"},"
             "\"annotations\":{\"prometheus.io/scrape\":\"true\",\"prometheus.io/port\":\"8000\"},"
             "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":"
             "\"context-intelligence-7d9c5b8f6d\",\"uid\":\"0a1b2c3d-0000-4000-8000-000000000000\","
             "\"controller\":true,\"blockOwnerDeletion\":true}]},\"spec\":{\"serviceAccountName\":"
             "\"default\",\"volumes\":[{\"name\":\"kube-api-access\",\"projected\":{\"sources\":[{"
             "\"serviceAccountToken\":{"
             "\"expirationSeconds\":3607,\"path\":\"token\"}},{\"configMap\":{\"name\":"
             "\"kube-root-ca.crt\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}}]}}],"
             "\"containers\":[{\"name\":\"app\",\"image\":\""
           + imageOf(pod) + "\",\"ports\":[{\"containerPort\":8000}],\"env\":[" + environment()
           + "],\"resources\":{\"limits\":{\"cpu\":\"1\",\"memory\":\"1Gi\"},\"requests\":{\"cpu\":"
             "\"250m\",\"memory\":\"512Mi\"}},\"volumeMounts\":[{\"name\":\"kube-api-access\","
             "\"readOnly\":true,\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}],"
             "\"readinessProbe\":{\"httpGet\":{\"path\":\"/ready\",\"port\":8000}}}],\"nodeName\":"
             "\"node-"
           + number(pod % 200, 3)
           + "\",\"tolerations\":[{\"key\":\"node.kubernetes.io/"
             "not-ready\",\"operator\":\"Exists\","
             "\"effect\":\"NoExecute\",\"tolerationSeconds\":300}]}}";
}

QByteArray PodPlan::status(int pod, Readiness readiness)
{
    const bool isReady = readiness == Readiness::Ready;
    const char *const ready = isReady ? "True" : "False";
    const QByteArray digest(64, isCandidate(pod) ? 'd' : 'c');
    const QByteArray address = "10." + QByteArray::number(pod / 65'536) + "."
                               + QByteArray::number(pod / 256 % 256) + "."
                               + QByteArray::number(pod % 256);
    return "{\"status\":{\"phase\":\"Running\",\"conditions\":[" + condition("Initialized", "True")
           + "," + condition("Ready", ready) + "," + condition("ContainersReady", ready) + ","
           + condition("PodScheduled", "True") + "],\"hostIP\":\"192.0.2.7\",\"podIP\":\"" + address
           + "\",\"podIPs\":[{\"ip\":\"" + address
           + "\"}],\"startTime\":\"2026-11-24T12:00:01Z\",\"containerStatuses\":[{\"name\":\"app\","
             "\"state\":{\"running\":{\"startedAt\":\"2026-11-24T12:00:04Z\"}},\"ready\":"
           + (isReady ? "true" : "false") + ",\"restartCount\":0,\"image\":\"" + imageOf(pod)
           + "\",\"imageID\":\"registry.test/context-intelligence@sha256:" + digest
           + "\",\"containerID\":\"containerd://" + digest + "\",\"started\":true}]}}";
}

} // namespace pilothouse::bench
