#include "connectors/alertmanager/alertmanagerdecode.h"

#include "base/words.h"
#include "connectors/http/jsonreader.h"

namespace pilothouse {
namespace {

QString stateOf(const JsonReader &status)
{
    const QString state = status.string("state");
    if (state == QLatin1String("active") || state == QLatin1String("unprocessed"))
        return QStringLiteral("firing");
    if (state != QLatin1String("suppressed")) {
        status.child("state").complain(Words::tr("active, unprocessed or suppressed"));
        return {};
    }
    // A silence is what a person decided; it is told before an inhibition.
    return status.itemsIfAny("silencedBy").isEmpty() ? QStringLiteral("inhibited")
                                                     : QStringLiteral("silenced");
}

} // namespace

Result<QList<Alert>> decodeManagedAlerts(const QByteArray &body)
{
    const auto reader = JsonReader::parse(body, QStringLiteral("Alertmanager"));
    if (!reader)
        return fail(reader.error());
    QList<Alert> alerts;
    for (const JsonReader &item : reader->items()) {
        Alert alert;
        alert.labels = item.strings("labels");
        alert.annotations = item.strings("annotations");
        alert.name = alert.labels.value(QStringLiteral("alertname"));
        alert.state = stateOf(item.child("status"));
        alert.activeAt = item.time("startsAt");
        alert.fingerprint = item.string("fingerprint");
        alert.generator = item.stringOr("generatorURL");
        for (const JsonReader &receiver : item.itemsIfAny("receivers"))
            alert.receivers.append(receiver.string("name"));
        alerts.append(alert);
    }
    return reader->finish(alerts);
}

} // namespace pilothouse
