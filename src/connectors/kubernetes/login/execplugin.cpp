#include "connectors/kubernetes/login/execplugin.h"

#include "base/words.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {
namespace {

constexpr QLatin1String apiGroup("client.authentication.k8s.io/");

bool saysTrue(const YamlNode &node)
{
    return node.text().compare(QLatin1String("true"), Qt::CaseInsensitive) == 0;
}

/// A plugin's part of the file while it is read.
class PluginReader
{
public:
    PluginReader(const YamlNode &exec, const QString &file, const QString &context)
        : m_exec(exec), m_file(file), m_context(context)
    {}

    [[nodiscard]] Result<ExecPlugin> read(const QJsonObject &cluster) const
    {
        ExecPlugin plugin;
        plugin.file = m_file;
        plugin.context = m_context;
        plugin.command = m_exec.value(u"command").text();
        if (plugin.command.isEmpty())
            return wrong(u"command",
                         Words::tr("context “%1” signs in with a program that has no name. Write "
                                   "“command”.")
                             .arg(m_context));
        if (plugin.command.contains(QLatin1Char('/')))
            plugin.command
                = QDir::cleanPath(QFileInfo(m_file).absoluteDir().absoluteFilePath(plugin.command));
        plugin.apiVersion = m_exec.value(u"apiVersion").text();
        const QString version = plugin.apiVersion.mid(apiGroup.size());
        if (!plugin.apiVersion.startsWith(apiGroup)
            || (version != QLatin1String("v1") && version != QLatin1String("v1beta1")))
            return wrong(u"apiVersion",
                         Words::tr("the sign-in program “%1” speaks “%2”, but only %3v1 and "
                                   "%3v1beta1 are understood. Write the file anew with its tool.")
                             .arg(plugin.command, plugin.apiVersion, apiGroup));
        if (const auto error = interaction(plugin, version))
            return fail(*error);
        const YamlNode arguments = m_exec.value(u"args");
        for (const YamlNode &argument : arguments.items())
            plugin.arguments << argument.text();
        const YamlNode variables = m_exec.value(u"env");
        for (const YamlNode &variable : variables.items()) {
            if (variable.value(u"name").text().isEmpty())
                return wrong(u"env", Words::tr("a variable of the sign-in program “%1” has no "
                                               "name. Write it.")
                                         .arg(plugin.command));
            plugin.environment.append(
                {variable.value(u"name").text(), variable.value(u"value").text()});
        }
        plugin.installHint = m_exec.value(u"installHint").text().simplified();
        plugin.wantsCluster = saysTrue(m_exec.value(u"provideClusterInfo"));
        plugin.info = infoFor(plugin, cluster);
        return plugin;
    }

private:
    [[nodiscard]] tl::unexpected<Error> wrong(QStringView key, const QString &message) const
    {
        const Position at = m_exec.contains(key) ? m_exec.value(key).at() : m_exec.at();
        return fail(ErrorKind::BadInput, QStringLiteral("%1:%2:%3: %4")
                                             .arg(m_file, QString::number(at.line),
                                                  QString::number(at.column), message));
    }

    [[nodiscard]] std::optional<Error> interaction(const ExecPlugin &plugin,
                                                   const QString &version) const
    {
        const QString mode = m_exec.value(u"interactiveMode").text();
        if (mode == QLatin1String("Always"))
            return Error{ErrorKind::Refused,
                         Words::tr("Context “%1” signs in with “%2”, which must ask you something "
                                   "in a terminal (interactiveMode: Always). Name a context that "
                                   "signs in without.")
                             .arg(plugin.context, plugin.command),
                         {},
                         {}};
        if (mode == QLatin1String("Never") || mode == QLatin1String("IfAvailable")
            || (mode.isEmpty() && version == QLatin1String("v1beta1")))
            return std::nullopt;
        return wrong(u"interactiveMode",
                     Words::tr("the sign-in program “%1” needs an interactiveMode: Never, "
                               "IfAvailable or Always. Write it.")
                         .arg(plugin.command))
            .value();
    }

    [[nodiscard]] static QByteArray infoFor(const ExecPlugin &plugin, const QJsonObject &cluster)
    {
        QJsonObject spec{{QStringLiteral("interactive"), false}};
        if (plugin.wantsCluster)
            spec.insert(QStringLiteral("cluster"), cluster);
        const QJsonObject info{{QStringLiteral("apiVersion"), plugin.apiVersion},
                               {QStringLiteral("kind"), QStringLiteral("ExecCredential")},
                               {QStringLiteral("spec"), spec}};
        return QJsonDocument(info).toJson(QJsonDocument::Compact);
    }

    const YamlNode &m_exec;
    QString m_file;
    QString m_context;
};

QJsonValue scalar(const YamlNode &node)
{
    const QString text = node.text();
    if (!node.isPlain())
        return text;
    const QString word = text.toLower();
    if (QStringList{QStringLiteral("true"), QStringLiteral("yes"), QStringLiteral("on"),
                    QStringLiteral("y")}
            .contains(word))
        return true;
    if (QStringList{QStringLiteral("false"), QStringLiteral("no"), QStringLiteral("off"),
                    QStringLiteral("n")}
            .contains(word))
        return false;
    bool isNumber = false;
    const qlonglong whole = text.toLongLong(&isNumber, 0);
    if (isNumber)
        return whole;
    const double real = text.toDouble(&isNumber);
    return isNumber && qIsFinite(real) ? QJsonValue(real) : QJsonValue(text);
}

} // namespace

Result<ExecPlugin> readExecPlugin(const YamlNode &exec, const QString &file, const QString &context,
                                  const QJsonObject &cluster)
{
    return PluginReader(exec, file, context).read(cluster);
}

QJsonValue jsonOf(const YamlNode &node)
{
    if (node.isMap()) {
        QJsonObject map;
        for (const YamlNode::Entry &entry : node.entries())
            map.insert(entry.key, jsonOf(entry.value));
        return map;
    }
    if (node.isSequence()) {
        QJsonArray list;
        for (const YamlNode &item : node.items())
            list.append(jsonOf(item));
        return list;
    }
    return node.isScalar() ? scalar(node) : QJsonValue(QJsonValue::Null);
}

} // namespace pilothouse
