#include "app/wiring/signin/loginname.h"

#include <pwd.h>
#include <unistd.h>

namespace pilothouse {

QString loginName()
{
    const passwd *entry = getpwuid(getuid());
    if (!entry)
        return QString::fromLocal8Bit(qgetenv("USER"));
    const QString full = QString::fromLocal8Bit(entry->pw_gecos).section(QLatin1Char(','), 0, 0);
    return full.isEmpty() ? QString::fromLocal8Bit(entry->pw_name) : full;
}

QString headlessActor()
{
    return qEnvironmentVariableIsSet("CI") ? QStringLiteral("CI") : loginName();
}

} // namespace pilothouse
