#include "workspace/workspacefile.h"

#include "base/words.h"
#include "document/yamlparser.h"
#include "workspace/localoverrides.h"
#include "workspace/workspacereader.h"

#include <QFile>
#include <QFileInfo>

namespace pilothouse {

namespace {

Result<QByteArray> contentOf(const QString &fileName)
{
    const QFileInfo info(fileName);
    if (!info.exists()) {
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no file %1; name a workspace file.").arg(fileName));
    }
    QFile file(fileName);
    // A device or a pipe would never end.
    if (!info.isFile() || !file.open(QIODevice::ReadOnly)) {
        return fail(
            ErrorKind::NotAllowed,
            Words::tr("%1 cannot be read; check what it is and who may read it.").arg(fileName),
            info.isFile() ? file.errorString() : QString());
    }
    // One byte more than the parser takes, so that it says that the file is too large.
    return file.read(YamlLimits().bytes + 1);
}

} // namespace

Result<Workspace> loadWorkspace(const QString &fileName)
{
    const Result<QByteArray> content = contentOf(fileName);
    if (!content)
        return fail(content.error());
    const auto workspace = readWorkspace(*content, fileName);
    if (!workspace)
        return fail(workspace.error().toError());

    const QString folder = QFileInfo(fileName).path();
    const QString localName = folder + QStringLiteral("/pilothouse.local.yaml");
    if (!QFileInfo::exists(localName))
        return *workspace;
    const Result<QByteArray> local = contentOf(localName);
    if (!local)
        return fail(local.error());
    const auto overridden = withLocalOverrides(*workspace, *local, localName);
    if (!overridden)
        return fail(overridden.error().toError());
    return *overridden;
}

} // namespace pilothouse
