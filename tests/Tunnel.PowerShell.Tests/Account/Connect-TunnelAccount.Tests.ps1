BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Connect-TunnelAccount' {
    It 'takes an edge from the pipeline' {
        $lab.Account.AccountId | Should -Be $lab.Edge.AccountId
        $lab.Account.ApiAddress | Should -Be $lab.Edge.ApiAddress
    }

    It 'takes a token and an address' {
        $token = Get-Content -Raw "$($lab.Folder)/edge/api-token" | ForEach-Object Trim | ConvertTo-SecureString -AsPlainText
        $account = Connect-TunnelAccount -ApiToken $token -Address $lab.Edge.ApiAddress `
            -CertificateAuthorityFile $lab.Edge.CertificateAuthorityFile
        Get-TunnelZone -Account $account | Select-Object -ExpandProperty Name | Should -Be 'example.test'
        Get-TunnelAccount | Should -HaveCount 1
    }

    It 'refuses a wrong token' {
        $token = ConvertTo-SecureString -AsPlainText ('x' * 40)
        { Connect-TunnelAccount -ApiToken $token -Address $lab.Edge.ApiAddress -CertificateAuthorityFile $lab.Edge.CertificateAuthorityFile } |
            Should -Throw -ErrorId 'ApiAccessDenied,Tunnel.PowerShell.Account.ConnectTunnelAccount'
    }

    It 'trusts no certificate that it was not told to' {
        $token = ConvertTo-SecureString -AsPlainText ('x' * 40)
        { Connect-TunnelAccount -ApiToken $token -Address $lab.Edge.ApiAddress } |
            Should -Throw -ErrorId 'ApiNotReached,Tunnel.PowerShell.Account.ConnectTunnelAccount'
    }
}
