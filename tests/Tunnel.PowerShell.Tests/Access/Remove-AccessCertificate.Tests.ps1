BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
    $key = [Security.Cryptography.ECDsa]::Create()
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=Devices', $key, 'SHA256')
    $request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
    $root = $request.CreateSelfSigned([DateTimeOffset]::UtcNow, [DateTimeOffset]::UtcNow.AddDays(1))
    $file = "$($lab.Folder)/ca.pem"
    [IO.File]::WriteAllText($file, $root.ExportCertificatePem())
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessCertificate' {
    It 'removes an authority with its hostnames, and nothing with -WhatIf' {
        New-AccessCertificate devices $file ssh.example.test | Out-Null
        Remove-AccessCertificate devices -WhatIf
        Get-AccessCertificate | Should -Not -BeNullOrEmpty
        Get-AccessCertificate | Remove-AccessCertificate -Confirm:$false
        Get-AccessCertificate | Should -BeNullOrEmpty
    }
}
