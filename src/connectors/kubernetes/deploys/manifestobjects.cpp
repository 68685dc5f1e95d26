#include "connectors/kubernetes/deploys/manifestobjects.h"

#include "document/yamlparser.h"

namespace pilothouse {

QList<YamlNode> manifestObjects(const QString &manifest)
{
    QList<YamlNode> objects;
    QString text;
    const auto take = [&] {
        Problems problems(QStringLiteral("manifest"));
        const YamlNode object = parseYaml(text.toUtf8(), problems, Strictness::Lenient);
        text.clear();
        if (!object.value(u"kind").text().isEmpty())
            objects.append(object);
    };
    for (const QString &line : manifest.split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("---")))
            take();
        else
            text += line + QLatin1Char('\n');
    }
    take();
    return objects;
}

} // namespace pilothouse
