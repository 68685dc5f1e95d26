#include "bench/watch/podstream.h"

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

/// Who owns which field, which is a good part of every real pod.
QByteArray managedFields()
{
    QByteArray fields;
    for (int i = 0; i < 16; ++i) {
        fields += "\"k:{\\\"name\\\":\\\"SETTING_" + number(i, 2)
                  + "\\\"}\":{\".\":{},\"f:name\":{},\"f:valueFrom\":{\".\":{},"
                    "\"f:configMapKeyRef\":{}}},";
    }
    return "[{\"manager\":\"kube-controller-manager\",\"operation\":\"Update\",\"apiVersion\":"
           "\"v1\",\"time\":\"2026-11-24T12:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{"
           "\"f:metadata\":{\"f:generateName\":{},\"f:labels\":{\".\":{},\"f:app\":{},"
           "\"f:track\":{},\"f:pod-template-hash\":{}},\"f:ownerReferences\":{}},\"f:spec\":{"
           "\"f:containers\":{\"k:{\\\"name\\\":\\\"app\\\"}\":{\".\":{},\"f:env\":{"
           + fields
           + "\".\":{}},\"f:image\":{},\"f:imagePullPolicy\":{},\"f:name\":{},\"f:ports\":{},"
             "\"f:resources\":{}}},\"f:dnsPolicy\":{},\"f:restartPolicy\":{}}}},"
             "{\"manager\":\"kubelet\",\"operation\":\"Update\",\"apiVersion\":\"v1\",\"time\":"
             "\"2026-11-24T12:00:05Z\",\"fieldsType\":\"FieldsV1\",\"subresource\":\"status\","
             "\"fieldsV1\":{\"f:status\":{\"f:conditions\":{\"k:{\\\"type\\\":\\\"Ready\\\"}\":{"
             "\".\":{},\"f:lastProbeTime\":{},\"f:lastTransitionTime\":{},\"f:status\":{},"
             "\"f:type\":{}}},\"f:containerStatuses\":{},\"f:hostIP\":{},\"f:phase\":{},"
             "\"f:podIP\":{},\"f:podIPs\":{},\"f:startTime\":{}}}}]";
}

QByteArray condition(const char *type, const QByteArray &status)
{
    return QByteArray("{\"type\":\"") + type + "\",\"status\":\"" + status
           + "\",\"lastProbeTime\":null,\"lastTransitionTime\":\"2026-11-24T12:00:05Z\"}";
}

} // namespace

PodStream::PodStream(int pods, int changes) : m_listed(pods)
{
    // Of ten changes six make ready, two take away and two bring.
    const int come = changes / 5;
    m_fates.fill(Fate::Stays, pods);
    std::mt19937_64 random(20'261'124);
    QList<int> order(pods);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    for (int i = 0; i < std::min(changes - come, pods); ++i)
        m_fates[order[i]] = i % 4 == 0 ? Fate::Goes : Fate::BecomesReady;
    m_fates.resize(pods + come, Fate::Comes);
    for (int i = 0; i < m_fates.size(); ++i) {
        if (m_fates[i] != Fate::Stays)
            m_changes.append({i, m_fates[i]});
    }
    std::shuffle(m_changes.begin(), m_changes.end(), random);
}

QString PodStream::nameOf(int pod)
{
    return serviceOf(pod) + QStringLiteral("-7d9c5b8f6d-") + QString::number(pod + 100'000, 36);
}

QString PodStream::serviceOf(int pod)
{
    return pod % 10 == 0 ? candidate() : stable();
}

QByteArray PodStream::pod(int pod, Readiness readiness, int version)
{
    const bool isCandidate = serviceOf(pod) == candidate();
    const QByteArray track = isCandidate ? "canary" : "stable";
    const QByteArray tag = QByteArray(40, isCandidate ? 'b' : 'a');
    const QByteArray image = "registry.test/context-intelligence:" + tag;
    const QByteArray digest = QByteArray(64, isCandidate ? 'd' : 'c');
    const QByteArray ready = readiness == Readiness::Ready ? "True" : "False";
    const QByteArray yes = readiness == Readiness::Ready ? "true" : "false";
    const QByteArray address = "10." + QByteArray::number(pod / 65'536) + "."
                               + QByteArray::number(pod / 256 % 256) + "."
                               + QByteArray::number(pod % 256);
    return "{\"metadata\":{\"name\":\"" + nameOf(pod).toLatin1()
           + "\",\"generateName\":\"context-intelligence-7d9c5b8f6d-\",\"namespace\":\"production\""
             ",\"uid\":\"5f2c1f0e-8f3a-4f6e-9d55-"
           + number(pod, 12) + "\",\"resourceVersion\":\"" + QByteArray::number(version)
           + "\",\"creationTimestamp\":\"2026-11-24T12:00:00Z\",\"labels\":{\"app\":"
             "\"context-intelligence\",\"track\":\""
           + track
           + "\",\"pod-template-hash\":\"7d9c5b8f6d\",\"team\":\"search\",\"tier\":\"backend\"},"
             "\"annotations\":{\"prometheus.io/scrape\":\"true\",\"prometheus.io/port\":\"8000\"},"
             "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":"
             "\"context-intelligence-7d9c5b8f6d\",\"uid\":\"0a1b2c3d-0000-4000-8000-000000000000\","
             "\"controller\":true,\"blockOwnerDeletion\":true}],\"managedFields\":"
           + managedFields()
           + "},\"spec\":{\"volumes\":[{\"name\":\"kube-api-access\",\"projected\":{\"sources\":[{"
             "\"serviceAccountToken\":{\"expirationSeconds\":3607,\"path\":\"token\"}},{"
             "\"configMap\":{\"name\":\"kube-root-ca.crt\",\"items\":[{\"key\":\"ca.crt\",\"path\":"
             "\"ca.crt\"}]}}],\"defaultMode\":420}}],\"containers\":[{\"name\":\"app\",\"image\":\""
           + image + "\",\"ports\":[{\"containerPort\":8000,\"protocol\":\"TCP\"}],\"env\":["
           + environment()
           + "],\"resources\":{\"limits\":{\"cpu\":\"1\",\"memory\":\"1Gi\"},\"requests\":{\"cpu\":"
             "\"250m\",\"memory\":\"512Mi\"}},\"volumeMounts\":[{\"name\":\"kube-api-access\","
             "\"readOnly\":true,\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}],"
             "\"readinessProbe\":{\"httpGet\":{\"path\":\"/ready\",\"port\":8000,\"scheme\":"
             "\"HTTP\"},\"timeoutSeconds\":1,\"periodSeconds\":10,\"successThreshold\":1,"
             "\"failureThreshold\":3},\"imagePullPolicy\":\"IfNotPresent\"}],\"restartPolicy\":"
             "\"Always\",\"terminationGracePeriodSeconds\":30,\"dnsPolicy\":\"ClusterFirst\","
             "\"serviceAccountName\":\"default\",\"nodeName\":\"node-"
           + number(pod % 200, 3)
           + "\",\"schedulerName\":\"default-scheduler\",\"tolerations\":[{\"key\":"
             "\"node.kubernetes.io/not-ready\",\"operator\":\"Exists\",\"effect\":\"NoExecute\","
             "\"tolerationSeconds\":300}],\"priority\":0,\"enableServiceLinks\":true},\"status\":{"
             "\"phase\":\"Running\",\"conditions\":["
           + condition("Initialized", "True") + "," + condition("Ready", ready) + ","
           + condition("ContainersReady", ready) + "," + condition("PodScheduled", "True")
           + "],\"hostIP\":\"192.0.2.7\",\"podIP\":\"" + address + "\",\"podIPs\":[{\"ip\":\""
           + address
           + "\"}],\"startTime\":\"2026-11-24T12:00:01Z\",\"containerStatuses\":[{\"name\":\"app\","
             "\"state\":{\"running\":{\"startedAt\":\"2026-11-24T12:00:04Z\"}},\"lastState\":{},"
             "\"ready\":"
           + yes + ",\"restartCount\":0,\"image\":\"" + image
           + "\",\"imageID\":\"registry.test/context-intelligence@sha256:" + digest
           + "\",\"containerID\":\"containerd://" + digest
           + "\",\"started\":true}],\"qosClass\":"
             "\"Burstable\"}}";
}

QByteArrayList PodStream::listed() const
{
    QByteArrayList all;
    for (int i = 0; i < m_listed; ++i) {
        const bool waits = m_fates[i] == Fate::BecomesReady;
        all.append(pod(i, waits ? Readiness::Waiting : Readiness::Ready, 1 + i));
    }
    return all;
}

QByteArray PodStream::change(int number) const
{
    const Change &change = m_changes[number];
    const QByteArray type = change.fate == Fate::Goes    ? "DELETED"
                            : change.fate == Fate::Comes ? "ADDED"
                                                         : "MODIFIED";
    return "{\"type\":\"" + type + "\",\"object\":"
           + pod(change.pod, Readiness::Ready, firstVersion() + 1 + number) + "}\n";
}

QStringList PodStream::atLast(const QString &service) const
{
    QStringList names;
    for (int i = 0; i < m_fates.size(); ++i) {
        if (m_fates[i] != Fate::Goes && serviceOf(i) == service)
            names << nameOf(i);
    }
    names.sort();
    return names;
}

} // namespace pilothouse::bench
