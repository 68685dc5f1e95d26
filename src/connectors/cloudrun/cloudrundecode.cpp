#include "connectors/cloudrun/cloudrundecode.h"

#include "base/words.h"
#include "connectors/http/jsonreader.h"

namespace pilothouse {
namespace {

Result<JsonReader> read(const QByteArray &body)
{
    return JsonReader::parse(body, QStringLiteral("Cloud Run"));
}

QString shortName(const QString &name)
{
    return name.section(QLatin1Char('/'), -1);
}

QList<CloudRunTarget> targetsIn(const JsonReader &service, const char *key)
{
    QList<CloudRunTarget> targets;
    for (const JsonReader &item : service.itemsIfAny(key)) {
        CloudRunTarget target;
        const QString type = item.stringOr("type");
        target.kind = type == QLatin1String("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST")
                          ? CloudRunTarget::Kind::Latest
                          : CloudRunTarget::Kind::Revision;
        target.revision = shortName(item.stringOr("revision"));
        target.percent = int(item.integerOr("percent", 0));
        target.tag = item.stringOr("tag");
        if (target.kind == CloudRunTarget::Kind::Revision && target.revision.isEmpty())
            item.complain(Words::tr("a revision"));
        targets.append(target);
    }
    return targets;
}

CloudRunRevision revisionIn(const JsonReader &item)
{
    CloudRunRevision revision;
    revision.name = shortName(item.string("name"));
    revision.labels = item.strings("labels");
    revision.createdAt = item.time("createTime");
    for (const JsonReader &container : item.itemsIfAny("containers")) {
        // The one that serves comes first; the rest are sidecars.
        if (revision.image.isEmpty())
            revision.image = container.stringOr("image");
    }
    if (const auto scaling = item.find("scaling"))
        revision.minInstances = int(scaling->integerOr("minInstanceCount", 0));
    for (const JsonReader &condition : item.itemsIfAny("conditions")) {
        if (condition.stringOr("type") != QLatin1String("Ready"))
            continue;
        const QString state = condition.stringOr("state");
        if (state == QLatin1String("CONDITION_SUCCEEDED")) {
            revision.ready = CloudRunRevision::Ready::Yes;
        } else if (state == QLatin1String("CONDITION_FAILED")) {
            revision.ready = CloudRunRevision::Ready::No;
            revision.message = condition.stringOr("message");
        }
    }
    return revision;
}

// google.rpc.Code
ErrorKind kindOf(qint64 code)
{
    switch (code) {
    case 3:
    case 9:
        return ErrorKind::BadInput;
    case 5:
        return ErrorKind::NotFound;
    case 6:
    case 10:
        return ErrorKind::Conflict;
    case 7:
        return ErrorKind::NotAllowed;
    case 16:
        return ErrorKind::SignedOut;
    default:
        return ErrorKind::Unavailable;
    }
}

} // namespace

Result<CloudRunService> decodeService(const QByteArray &body)
{
    const auto reader = read(body);
    if (!reader)
        return fail(reader.error());
    CloudRunService service;
    service.name = reader->string("name");
    service.etag = reader->string("etag");
    service.traffic = targetsIn(*reader, "traffic");
    service.observed = targetsIn(*reader, "trafficStatuses");
    service.latestReady = shortName(reader->stringOr("latestReadyRevision"));
    service.generation = reader->integerOr("generation", 0);
    service.observedGeneration = reader->integerOr("observedGeneration", 0);
    service.reconciling = reader->flag("reconciling") ? CloudRunService::Reconciling::Yes
                                                      : CloudRunService::Reconciling::No;
    if (const auto condition = reader->find("terminalCondition")) {
        service.state = condition->stringOr("state");
        service.message = condition->stringOr("message", condition->stringOr("reason"));
    }
    service.annotations = reader->strings("annotations");
    service.lastModifier = reader->stringOr("lastModifier");
    service.updatedAt = reader->time("updateTime");
    return reader->finish(service);
}

Result<CloudRunRevisionPage> decodeRevisions(const QByteArray &body)
{
    const auto reader = read(body);
    if (!reader)
        return fail(reader.error());
    CloudRunRevisionPage page;
    for (const JsonReader &item : reader->itemsIfAny("revisions"))
        page.revisions.append(revisionIn(item));
    page.nextPageToken = reader->stringOr("nextPageToken");
    return reader->finish(page);
}

Result<CloudRunOperation> decodeOperation(const QByteArray &body)
{
    const auto reader = read(body);
    if (!reader)
        return fail(reader.error());
    CloudRunOperation operation;
    operation.name = reader->string("name");
    operation.progress = reader->flag("done") ? CloudRunOperation::Progress::Done
                                              : CloudRunOperation::Progress::Running;
    if (const auto error = reader->find("error"))
        operation.error
            = Error{kindOf(error->integerOr("code", 2)),
                    Words::tr("Cloud Run could not make the change: %1")
                        .arg(error->stringOr("message", Words::tr("it gave no reason"))),
                    operation.name,
                    {}};
    return reader->finish(operation);
}

Result<QStringList> decodePermissions(const QByteArray &body)
{
    const auto reader = read(body);
    if (!reader)
        return fail(reader.error());
    QStringList permissions;
    for (const JsonReader &item : reader->itemsIfAny("permissions"))
        permissions.append(item.asString());
    return reader->finish(permissions);
}

} // namespace pilothouse
