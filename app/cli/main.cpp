#include "app/cli/commands.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("pilothouse-cli"));
    return pilothouse::runCommand(QCoreApplication::arguments().mid(1));
}
