#pragma once

#include "connectors/http/hop.h"

#include <QNetworkReply>
#include <QPointer>

#include <memory>

class QNetworkAccessManager;

namespace pilothouse {

/// A hop through QNetworkAccessManager, for reads: kept connections and compression. It cannot tell
/// a cut chunked body from a complete one; the exchange looks at what came.
class NetworkHop final : public Hop
{
    Q_OBJECT

public:
    /// GET and HEAD only.
    NetworkHop(const Order &order, std::shared_ptr<QNetworkAccessManager> network);
    ~NetworkHop() override;

private:
    void readHead();
    void readBody();
    void ended();

    std::shared_ptr<QNetworkAccessManager> m_network; ///< whose reply it is
    QPointer<QNetworkReply> m_reply;
    QStringList m_tlsErrors;
    enum class Told { Nothing, Head } m_told = Told::Nothing;
};

} // namespace pilothouse
